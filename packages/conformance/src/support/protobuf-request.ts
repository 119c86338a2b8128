import { request } from "node:https";
import type { LocalControlPlane } from "@hollowfleet/controlplane";
import { mediaTypes } from "@hollowfleet/wire";

export interface ProtobufResponse {
  readonly status: number;
  readonly body: Buffer;
}

export interface ProtobufRequest {
  readonly method?: string;
  readonly body?: Uint8Array;
  /** Default: protobuf. */
  readonly accept?: string;
}

/** One request of the admin with protobuf bodies, without our own client. */
export function protobufRequest(
  plane: LocalControlPlane,
  path: string,
  { method = "GET", body, accept = mediaTypes.protobuf }: ProtobufRequest = {},
): Promise<ProtobufResponse> {
  if (plane.admin.kind !== "certificate") throw new Error("the admin of a local control plane has a certificate");
  const { certPem: cert, keyPem: key } = plane.admin;
  return new Promise((resolve, reject) => {
    const call = request(
      new URL(path, plane.endpoint.server),
      {
        method,
        ca: plane.endpoint.caPem,
        cert,
        key,
        agent: false,
        // Node.js gives the body of a DELETE no length of its own, so that the server would not see it.
        headers: { accept, ...(body && { "content-type": mediaTypes.protobuf, "content-length": body.length }) },
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks) }));
        response.on("error", reject);
      },
    );
    call.on("error", reject);
    call.end(body);
  });
}
