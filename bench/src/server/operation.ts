import { type ApiClient, resources } from "@hollowfleet/client";
import { renewedLease } from "@hollowfleet/kubelet";
import { forEachBelow } from "../shared/control-plane.ts";

/** A call whose cost for the server is measured. */
export interface Operation {
  readonly name: string;
  /** Creates `objects` of what it works on. */
  prepare(api: ApiClient, objects: number): Promise<void>;
  /** One call on object number `index`; `turn` differs from call to call. */
  call(api: ApiClient, index: number, turn: number): Promise<void>;
}

const namespace = "default";

function leasePut(): Operation {
  const raw = new Map<number, Uint8Array>();
  const nameOf = (index: number): string => `server-cost-${index}`;
  return {
    name: "lease PUT",
    async prepare(api, objects) {
      await forEachBelow(objects, 20, async (index) => {
        const lease = {
          metadata: { name: nameOf(index), namespace },
          spec: { holderIdentity: nameOf(index), leaseDurationSeconds: 40 },
        };
        raw.set(index, (await api.create(resources.leases, lease, { namespace })).raw);
      });
    },
    async call(api, index) {
      const body = renewedLease(raw.get(index) ?? new Uint8Array(), Date.now());
      const answer = await api.update(resources.leases, { namespace, name: nameOf(index) }, body, { namespace });
      raw.set(index, new Uint8Array(answer.raw));
    },
  };
}

/** The size and shape of what a kubelet sends when a container has started (kubelet-audit §3). */
function statusPatch(turn: number): string {
  const time = new Date(turn * 1000).toISOString().replace(/\.\d+Z/, "Z");
  const condition = (type: string): object => ({ type, status: "True", lastTransitionTime: time });
  const container = {
    name: "main",
    image: "registry.k8s.io/pause:3.10",
    imageID: "registry.k8s.io/pause@sha256:7c38f24774e3cbd906d2d33c38354ccf787635581c122965132c9bd309754d4a",
    containerID: `containerd://${String(turn).padStart(64, "0")}`,
    ready: true,
    started: true,
    restartCount: 0,
    state: { running: { startedAt: time } },
  };
  const status = {
    phase: "Running",
    podIP: "10.128.0.7",
    podIPs: [{ ip: "10.128.0.7" }],
    conditions: ["Ready", "ContainersReady", "PodReadyToStartContainers"].map(condition),
    containerStatuses: [container],
  };
  return JSON.stringify({ status });
}

function podStatusPatch(): Operation {
  const nameOf = (index: number): string => `server-cost-${index}`;
  return {
    name: "pod status PATCH",
    async prepare(api, objects) {
      await forEachBelow(objects, 20, (index) =>
        api.create(
          resources.pods,
          {
            metadata: { name: nameOf(index), namespace },
            // No scheduler answers to this name, so that nothing else writes to the pod.
            spec: { schedulerName: "none", containers: [{ name: "main", image: "registry.k8s.io/pause:3.10" }] },
          },
          { namespace },
        ),
      );
    },
    async call(api, index, turn) {
      const name = { namespace, name: nameOf(index) };
      await api.patch(resources.pods, name, "strategic", statusPatch(turn), { subresource: "status" });
    },
  };
}

/** Fresh ones for each server: they remember what it answered. */
export function operations(): readonly Operation[] {
  return [leasePut(), podStatusPatch()];
}
