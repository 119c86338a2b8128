import { ApiError } from "../api-error.ts";
import type { KubeObject } from "../object.ts";
import type { UserInfo } from "../request-info.ts";
import { findResource } from "../resources/all-resources.ts";
import type { Api } from "./api.ts";

/** As whom the server itself writes (apiserver/pkg/authentication/user, APIServerUser). */
const serverUser: UserInfo = { name: "system:apiserver", groups: ["system:authenticated", "system:masters"] };

export interface BootstrapOptions {
  /** Address of Service kubernetes: the first of --service-cluster-ip-range. Default "10.0.0.1". */
  readonly serviceIp?: string;
  /** Where the server listens: targetPort of Service kubernetes. Default 6443. */
  readonly securePort?: number;
}

/** pkg/controlplane/controller/systemnamespaces. */
const namespaces = ["kube-system", "kube-public", "kube-node-lease", "default"];

/** pkg/apis/scheduling/v1/helpers.go. */
const priorityClasses = [
  {
    name: "system-node-critical",
    value: 2_000_001_000,
    description: "Used for system critical pods that must not be moved from their current node.",
  },
  {
    name: "system-cluster-critical",
    value: 2_000_000_000,
    description:
      "Used for system critical pods that must run in the cluster, but can be moved to another node if necessary.",
  },
];

/** What a new cluster has before anybody asks for it. Objects that are there already are left alone. */
export function createBootstrapObjects(api: Api, options: BootstrapOptions = {}): void {
  for (const name of namespaces)
    ensure(api, "", "namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
  for (const { name, ...members } of priorityClasses) {
    const type = { apiVersion: "scheduling.k8s.io/v1", kind: "PriorityClass" };
    ensure(api, "scheduling.k8s.io", "priorityclasses", { ...type, metadata: { name }, ...members });
  }
  ensure(api, "", "services", kubernetesService(options));
}

/** pkg/controlplane/controller/kubernetesservice. Its endpoints are not kept: no pod of a hollow node calls the server. */
function kubernetesService({ serviceIp = "10.0.0.1", securePort = 6443 }: BootstrapOptions): KubeObject {
  return {
    apiVersion: "v1",
    kind: "Service",
    metadata: {
      name: "kubernetes",
      namespace: "default",
      labels: { provider: "kubernetes", component: "apiserver" },
    },
    spec: {
      ports: [{ name: "https", protocol: "TCP", port: 443, targetPort: securePort }],
      clusterIP: serviceIp,
      sessionAffinity: "None",
      type: "ClusterIP",
    },
  };
}

function ensure(api: Api, group: string, plural: string, object: KubeObject): void {
  const resource = findResource(group, "v1", plural);
  if (resource === undefined) throw new ApiError("InternalError", `${plural} are not served`);
  const { namespace = "" } = object.metadata;
  try {
    api.create({ verb: "create", resource, subresource: "", namespace, name: "", user: serverUser }, object, {});
  } catch (error) {
    if (!(error instanceof ApiError && error.code === "AlreadyExists")) throw error;
  }
}
