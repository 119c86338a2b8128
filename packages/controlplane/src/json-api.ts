import { Agent, request } from "node:https";
import { ControlPlaneError } from "./control-plane-error.ts";

export interface JsonResponse {
  readonly status: number;
  /** Parsed when it is JSON, else the text. */
  readonly body: unknown;
}

/** A few JSON requests over one kept connection, for setting up; load goes through the client package. */
export interface JsonApi {
  send(method: "GET" | "POST", path: string, body?: object): Promise<JsonResponse>;
  close(): void;
}

export interface JsonApiOptions {
  /** https://host:port */
  readonly server: string;
  readonly caPem: string;
  readonly certPem: string;
  readonly keyPem: string;
  readonly signal?: AbortSignal;
}

const timeoutMs = 5000;

export function createJsonApi(options: JsonApiOptions): JsonApi {
  const { caPem: ca, certPem: cert, keyPem: key } = options;
  const agent = new Agent({ keepAlive: true, maxSockets: 4, ca, cert, key });
  const send = (method: string, path: string, body?: object) =>
    new Promise<JsonResponse>((resolve, reject) => {
      const payload = body === undefined ? undefined : JSON.stringify(body);
      const headers = payload === undefined ? {} : { "content-type": "application/json" };
      const signals = [AbortSignal.timeout(timeoutMs), ...(options.signal === undefined ? [] : [options.signal])];
      const call = request(new URL(path, options.server), { method, agent, headers, signal: AbortSignal.any(signals) });
      call.on("error", reject);
      call.on("response", (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", reject);
        response.on("end", () => {
          resolve({ status: response.statusCode ?? 0, body: parse(Buffer.concat(chunks).toString("utf8")) });
        });
      });
      call.end(payload);
    });
  return { send, close: () => agent.destroy() };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Creates an object; one that is there already counts as created. */
export async function createObject(api: JsonApi, path: string, object: object): Promise<void> {
  const { status, body } = await api.send("POST", path, object);
  if (status === 201 || status === 409) return;
  const message = (body as { message?: unknown }).message ?? String(body);
  throw new ControlPlaneError("request-failed", `POST ${path} was answered ${status}: ${String(message)}`);
}
