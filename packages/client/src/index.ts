export type {
  ApiClient,
  CallOptions,
  ClientSettings,
  DeleteCallOptions,
  GetOptions,
  ListOptions,
  ObjectName,
  PatchOptions,
  PatchType,
  Received,
  ReceivedList,
  Watch,
  WatchEvent,
  WatchOptions,
  WatchSink,
  WriteOptions,
} from "./api-client.ts";
export { type CallObserver, type CallRecord, callLagUs, type Scope, type Verb } from "./call.ts";
export type { HeaderList, HeaderSource } from "./client-context.ts";
export { ClientError, type ClientErrorCode, clientErrorCodes, type Outcome, type StatusFacts } from "./client-error.ts";
export type { ConnectOptions, SocketDialer } from "./connect-options.ts";
export { type ApiClientOptions, createApiClient } from "./create-api-client.ts";
export type {
  AuthConfig,
  ClientCertificate,
  ConnectionConfig,
  ExecCluster,
  ExecPlugin,
  Impersonation,
} from "./kubeconfig/connection-config.ts";
export { type CredentialSourceOptions, createCredentialSource } from "./kubeconfig/create-credential-source.ts";
export { type CredentialHeaders, credentialHeaders } from "./kubeconfig/credential-headers.ts";
export type { CredentialSource } from "./kubeconfig/credential-source.ts";
export { type FindConnectionOptions, findConnection } from "./kubeconfig/find-connection.ts";
export { impersonationHeaders } from "./kubeconfig/impersonation.ts";
export { inClusterConnection } from "./kubeconfig/in-cluster.ts";
export {
  type ExecInteractiveMode,
  type Kubeconfig,
  type KubeconfigCluster,
  type KubeconfigContext,
  type KubeconfigExec,
  type KubeconfigUser,
  mergeKubeconfigs,
} from "./kubeconfig/kubeconfig.ts";
export { type FaultPlace, KubeconfigError, type KubeconfigErrorCode } from "./kubeconfig/kubeconfig-error.ts";
export { type Environment, type LoadOptions, loadKubeconfig } from "./kubeconfig/load-kubeconfig.ts";
export { openProxyTunnel, type ProxyTunnelOptions } from "./kubeconfig/proxy-tunnel.ts";
export { type ContextOverrides, resolveContext } from "./kubeconfig/resolve-context.ts";
export type { PluginEnd, PluginRun, RunPlugin } from "./kubeconfig/run-plugin.ts";
export { listAll, type WholeList } from "./list-all.ts";
export {
  createReflector,
  defaultWatchTimeout,
  objectWatchTimeout,
  type Reflector,
  type ReflectorHandler,
  type ReflectorOptions,
  type WatchTimeoutRange,
} from "./reflector.ts";
export { type Keep, objectKey, type Removed } from "./reflector-store.ts";
export { type Resource, type Resources, resourcePath, resources } from "./resource.ts";
export { createHttp2Transport, type Http2TransportOptions } from "./session-pool.ts";
export type {
  Exchange,
  ResponseHead,
  ResponseSink,
  Transport,
  TransportRequest,
  TransportStats,
} from "./transport.ts";
