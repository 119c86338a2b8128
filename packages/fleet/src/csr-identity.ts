import { type ApiClient, ClientError, resources } from "@hollowfleet/client";
import { type Clock, delay, type Random } from "@hollowfleet/core";
import { certificateSigningRequest, type KeyPair } from "@hollowfleet/pki";
import { nodesGroup, nodeUser } from "./identity.ts";

/** Between two looks at a request that is not signed yet. A kubelet watches its request; one GET a second is the same to the server. */
const pollMs = 1000;

/** Asked again after this long, as a kubelet whose request was lost. */
const waitMs = 15 * 60_000;

/**
 * Asks the cluster for a node's client certificate as a new kubelet does (k8s.io/client-go/util/certificate/csr): one
 * CertificateSigningRequest with the kubelet signer, then waiting until somebody approved and signed it.
 * @param api speaks as the bootstrap identity
 * @returns the certificate as PEM; undefined when the signal ended the wait
 */
export async function requestNodeCertificate(
  api: ApiClient,
  node: string,
  keyPair: KeyPair,
  random: Random,
  clock: Clock,
  signal: AbortSignal,
): Promise<string | undefined> {
  const name = `node-csr-${node}-${random.hex(8)}`;
  const pem = certificateSigningRequest(nodeUser(node), [nodesGroup], keyPair);
  await api.create(resources.certificatesigningrequests, {
    metadata: { name },
    spec: {
      request: Buffer.from(pem),
      signerName: "kubernetes.io/kube-apiserver-client-kubelet",
      usages: ["digital signature", "client auth"],
    },
  });
  const endUs = clock.nowUs() + waitMs * 1000;
  while (clock.nowUs() < endUs) {
    await delay(clock, pollMs, signal);
    if (signal.aborted) return undefined;
    const { status } = (await api.get(resources.certificatesigningrequests, { name })).object;
    const refused = status?.conditions?.find((condition) => condition.type === "Denied" || condition.type === "Failed");
    if (refused !== undefined) throw denied(node, refused.message ?? refused.type ?? "");
    if (status?.certificate !== undefined && status.certificate.length > 0) {
      return Buffer.from(status.certificate).toString("utf8");
    }
  }
  throw denied(node, `nobody signed it in ${waitMs / 60_000} minutes`);
}

function denied(node: string, why: string): ClientError {
  return new ClientError("forbidden", `the certificate of node ${node} was not signed: ${why}`, { outcome: "failed" });
}
