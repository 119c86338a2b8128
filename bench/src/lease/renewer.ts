import { type ApiClient, type ObjectName, resources } from "@hollowfleet/client";
import { errorText, systemClock, type Timer } from "@hollowfleet/core";
import { renewedLease } from "@hollowfleet/kubelet";
import { forEachBelow } from "../shared/control-plane.ts";
import { leaseName, leaseNamespace } from "./lease-load.ts";

export interface LeaseLoad {
  readonly prefix: string;
  readonly leases: number;
  /** Renewals per second over all leases. */
  readonly rate: number;
}

/** What all renewers together have counted since their start. */
export interface RenewalCounts {
  calls: number;
  errors: number;
  skipped: number;
}

/** Handshakes under way at once. */
const connectingAtOnce = 50;

/** A load under way. */
export interface Renewers {
  readonly counts: Readonly<RenewalCounts>;
  /** Resolves when the renewals under way have ended. */
  stop(): Promise<void>;
}

/** Reads every lease, then renews each on a timer of its own, as one hollow kubelet each does. */
export async function startRenewers(clients: readonly ApiClient[], load: LeaseLoad): Promise<Renewers> {
  const counts: RenewalCounts = { calls: 0, errors: 0, skipped: 0 };
  const renewers: Renewer[] = [];
  const read = async (index: number): Promise<void> => {
    const api = clients[index % clients.length] as ApiClient;
    const name = { namespace: leaseNamespace, name: leaseName(load.prefix, index) };
    const { raw } = await api.get(resources.leases, name);
    renewers[index] = new Renewer(api, name, raw, counts);
  };
  // Each client's first request goes alone: several that wait for one connection may open several.
  await forEachBelow(clients.length, connectingAtOnce, read);
  await forEachBelow(load.leases - clients.length, connectingAtOnce, (index) => read(clients.length + index));
  const spacingUs = 1e6 / load.rate;
  const startUs = systemClock.nowUs();
  for (const [index, renewer] of renewers.entries())
    renewer.start(startUs + index * spacingUs, load.leases * spacingUs);
  return { counts, stop: async () => void (await Promise.all(renewers.map((renewer) => renewer.stop()))) };
}

/** Renews one lease: a PUT of the last answer's bytes with a new renewTime, as the hollow kubelet's LeaseKeeper. */
class Renewer {
  readonly #api: ApiClient;
  readonly #name: ObjectName;
  readonly #counts: RenewalCounts;
  #raw: Uint8Array;
  #timer: Timer | undefined;
  #underWay: Promise<void> | undefined;
  #stopped = false;

  constructor(api: ApiClient, name: ObjectName, raw: Uint8Array, counts: RenewalCounts) {
    this.#api = api;
    this.#name = name;
    this.#raw = raw;
    this.#counts = counts;
  }

  /** Renews at `dueUs` and every period after it. A renewal that was due while the last one ran is skipped. */
  start(dueUs: number, periodUs: number): void {
    this.#timer = systemClock.setTimer((dueUs - systemClock.nowUs()) / 1000, () => {
      this.#underWay = this.#renewAndGoOn(dueUs, periodUs);
    });
  }

  stop(): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    return this.#underWay ?? Promise.resolve();
  }

  async #renewAndGoOn(dueUs: number, periodUs: number): Promise<void> {
    await this.#renew();
    if (this.#stopped) return;
    const nowUs = systemClock.nowUs();
    let nextUs = dueUs + periodUs;
    for (; nextUs < nowUs; nextUs += periodUs) this.#counts.skipped++;
    this.start(nextUs, periodUs);
  }

  async #renew(): Promise<void> {
    const body = renewedLease(this.#raw, systemClock.nowMs());
    try {
      const { raw } = await this.#api.update(resources.leases, this.#name, body, { namespace: leaseNamespace });
      // A view would keep alive the whole chunk that it came in, so the hollow kubelet copies, too.
      this.#raw = raw.byteLength === raw.buffer.byteLength ? raw : new Uint8Array(raw);
      this.#counts.calls++;
    } catch (error) {
      if (this.#counts.errors++ === 0) console.error(`our peer: first error: ${errorText(error)}`);
    }
  }
}
