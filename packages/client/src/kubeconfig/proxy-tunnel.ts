import { type ClientRequest, type IncomingMessage, type RequestOptions, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP, isIPv6, type Socket } from "node:net";
import { rootCertificates } from "node:tls";
import { type Clock, systemClock } from "@hollowfleet/core";
import { KubeconfigError } from "./kubeconfig-error.ts";
import { checkProxyUrl } from "./proxy-url.ts";

export interface ProxyTunnelOptions {
  /** Trusted for an `https://` proxy beside the usual roots, as client-go trusts the cluster's; default: none. */
  readonly caPem?: string;
  /** Default false. */
  readonly insecureSkipVerify?: boolean;
  /** Until the tunnel is open; default 30,000, client-go's dial timeout. */
  readonly timeoutMs?: number;
  /** Default: the system's. */
  readonly clock?: Clock;
}

/**
 * Opens a tunnel through an HTTP proxy (CONNECT, RFC 9110 §9.3.6) and gives the raw connection to `host:port`.
 * User and password of the proxy's URL are sent as Basic credentials.
 */
export function openProxyTunnel(
  proxyUrl: string,
  host: string,
  port: number,
  options: ProxyTunnelOptions = {},
): Promise<Socket> {
  const { clock = systemClock, timeoutMs = 30_000 } = options;
  const proxy = new URL(checkProxyUrl(proxyUrl, { field: "proxy-url" }));
  return new Promise((resolve, reject) => {
    const request = startConnect(proxy, `${isIPv6(host) ? `[${host}]` : host}:${port}`, options);
    const fail = (problem: string, remedy: string, cause?: unknown): void => {
      timer.cancel();
      request.destroy();
      const value = `${proxy.protocol}//${proxy.host}`;
      reject(new KubeconfigError("proxy-failed", { field: "proxy-url", value }, problem, { remedy, cause }));
    };
    const timer = clock.setTimer(timeoutMs, () =>
      fail(`did not open a tunnel to ${host}:${port} within ${timeoutMs / 1000} s`, "Check that the proxy is up."),
    );
    request.once("error", (cause) => fail("cannot be reached", "Check the proxy's address.", cause));
    // A proxy that answers a CONNECT like any other request has not opened a tunnel.
    request.once("response", ({ statusCode }) => fail(`answered ${statusCode} to CONNECT`, "Is it a proxy at all?"));
    request.once("connect", (response: IncomingMessage, socket: Socket, head: Buffer) => {
      const refusal = refusalOf(response, host, port);
      if (refusal !== undefined) {
        socket.destroy();
        return fail(refusal.problem, refusal.remedy);
      }
      timer.cancel();
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    request.end();
  });
}

function startConnect(proxy: URL, target: string, options: ProxyTunnelOptions): ClientRequest {
  const name = proxy.hostname.replace(/^\[|\]$/g, "");
  const secret = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const authorization =
    secret === ":" ? {} : { "proxy-authorization": `Basic ${Buffer.from(secret).toString("base64")}` };
  const connect: RequestOptions = {
    method: "CONNECT",
    host: name,
    path: target,
    headers: { host: target, ...authorization },
    agent: false,
    ...(proxy.port === "" ? {} : { port: Number(proxy.port) }),
  };
  if (proxy.protocol === "http:") return requestHttp(connect);
  return requestHttps({
    ...connect,
    rejectUnauthorized: options.insecureSkipVerify !== true,
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(options.caPem === undefined ? {} : { ca: [...rootCertificates, options.caPem] }),
  });
}

function refusalOf(
  { statusCode = 0, statusMessage = "" }: IncomingMessage,
  host: string,
  port: number,
): { readonly problem: string; readonly remedy: string } | undefined {
  if (statusCode >= 200 && statusCode < 300) return undefined;
  if (statusCode === 407) {
    return { problem: "wants to be logged in to (407)", remedy: "Write it as http://user:password@host:port." };
  }
  return {
    problem: `refused a tunnel to ${host}:${port}: ${statusCode} ${statusMessage}`.trimEnd(),
    remedy: `Allow CONNECT to ${host}:${port} at the proxy, or except the host in NO_PROXY.`,
  };
}
