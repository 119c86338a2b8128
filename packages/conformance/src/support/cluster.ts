import type { LocalControlPlane } from "@hollowfleet/controlplane";
import { eventually } from "./eventually.ts";
import { rawRequest } from "./raw-request.ts";

/** An object of the API as JSON, as far as tests look at it. */
export interface ApiObject {
  readonly metadata: { readonly name: string; readonly uid: string; readonly [field: string]: unknown };
  readonly spec?: Readonly<Record<string, unknown>>;
  readonly status?: { readonly phase?: string; readonly podIP?: string; readonly [field: string]: unknown };
}

interface Condition {
  readonly type: string;
  readonly status: string;
}

/** The admin's view of a control plane, in JSON and without our client. */
export class Cluster {
  readonly #plane: LocalControlPlane;

  constructor(plane: LocalControlPlane) {
    this.#plane = plane;
  }

  async send(method: string, path: string, body?: object): Promise<ApiObject> {
    const response = await rawRequest(this.#plane.endpoint, this.#plane.admin, method, path, body);
    if (response.status >= 300) {
      throw new Error(`${method} ${path}: ${response.status} ${JSON.stringify(response.body)}`);
    }
    return response.body as ApiObject;
  }

  async list(path: string): Promise<readonly ApiObject[]> {
    const list: unknown = await this.send("GET", path);
    return (list as { readonly items: readonly ApiObject[] }).items;
  }

  /** Resolves when its default ServiceAccount is there, without which no pod can be made. */
  async createNamespace(name: string): Promise<void> {
    await this.send("POST", "/api/v1/namespaces", { metadata: { name } });
    await eventually(() => this.send("GET", `/api/v1/namespaces/${name}/serviceaccounts/default`));
    await eventually(() => this.send("GET", `/api/v1/namespaces/${name}/configmaps/kube-root-ca.crt`));
  }

  pod(namespace: string, name: string): Promise<ApiObject> {
    return this.send("GET", podPath(namespace, name));
  }

  createPod(namespace: string, name: string, node: string, more: PodOptions = {}): Promise<ApiObject> {
    return this.send("POST", `/api/v1/namespaces/${namespace}/pods`, podOn(node, name, more));
  }

  async deletePod(namespace: string, name: string): Promise<void> {
    await this.send("DELETE", podPath(namespace, name));
  }

  /** Tries until the pod satisfies. */
  podWhen(namespace: string, name: string, is: (pod: ApiObject) => boolean, timeoutMs?: number): Promise<ApiObject> {
    return eventually(async () => {
      const pod = await this.pod(namespace, name);
      if (!is(pod)) throw new Error(`pod ${name} is not there yet: ${JSON.stringify(pod.status)}`);
      return pod;
    }, timeoutMs);
  }

  podGone(namespace: string, name: string): Promise<void> {
    return eventually(async () => {
      const { status } = await rawRequest(this.#plane.endpoint, this.#plane.admin, "GET", podPath(namespace, name));
      if (status !== 404) throw new Error(`pod ${name} is still there: ${status}`);
    });
  }
}

export interface PodOptions {
  readonly annotations?: Readonly<Record<string, string>>;
  readonly container?: object;
  readonly spec?: object;
}

/** A pod of one container that the scheduler can put on one node only; grace 5 s, as in kubelet-audit §0. */
function podOn(node: string, name: string, more: PodOptions = {}): object {
  return {
    metadata: { name, ...(more.annotations && { annotations: more.annotations }) },
    spec: {
      nodeSelector: { "kubernetes.io/hostname": node },
      terminationGracePeriodSeconds: 5,
      containers: [{ name: "c", image: "app:1", ...more.container }],
      ...more.spec,
    },
  };
}

export function isReady(pod: ApiObject): boolean {
  const conditions = (pod.status?.["conditions"] ?? []) as readonly Condition[];
  return conditions.some(({ type, status }) => type === "Ready" && status === "True");
}

function podPath(namespace: string, name: string): string {
  return `/api/v1/namespaces/${namespace}/pods/${name}`;
}
