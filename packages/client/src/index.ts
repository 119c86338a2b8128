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
export type { CallObserver, CallRecord, Scope, Verb } from "./call.ts";
export type { HeaderList, HeaderSource } from "./client-context.ts";
export { ClientError, type ClientErrorCode, clientErrorCodes, type Outcome, type StatusFacts } from "./client-error.ts";
export type { ConnectOptions, SocketDialer } from "./connect-options.ts";
export { type ApiClientOptions, createApiClient } from "./create-api-client.ts";
export { listAll, type WholeList } from "./list-all.ts";
export type { AuthConfig, ConnectionConfig } from "./kubeconfig/connection-config.ts";
export { createCredentialSource } from "./kubeconfig/create-credential-source.ts";
export { findConnection } from "./kubeconfig/find-connection.ts";
export { impersonationHeaders } from "./kubeconfig/impersonation.ts";
export { KubeconfigError } from "./kubeconfig/kubeconfig-error.ts";
export { openProxyTunnel } from "./kubeconfig/proxy-tunnel.ts";
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
