import { request } from "node:https";
import type { Credentials, Endpoint } from "@hollowfleet/controlplane";

export interface RawResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: unknown;
}

/** One JSON request without our own client, to look at the server with eyes that are not ours. */
export function rawRequest(
  endpoint: Endpoint,
  credentials: Credentials,
  method: string,
  path: string,
  body?: object,
  headers: Readonly<Record<string, string>> = {},
): Promise<RawResponse> {
  const identity =
    credentials.kind === "certificate"
      ? { cert: credentials.certPem, key: credentials.keyPem, headers }
      : { headers: { ...headers, authorization: `Bearer ${credentials.token}` } };
  return new Promise((resolve, reject) => {
    const call = request(
      new URL(path, endpoint.server),
      { method, ca: endpoint.caPem, agent: false, ...identity },
      (response) => {
        let text = "";
        response.setEncoding("utf8").on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () => {
          const json = String(response.headers["content-type"]).includes("json");
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: json ? JSON.parse(text) : text,
          });
        });
      },
    );
    call.on("error", reject);
    if (body !== undefined) call.setHeader("content-type", "application/json");
    call.end(body === undefined ? undefined : JSON.stringify(body));
  });
}
