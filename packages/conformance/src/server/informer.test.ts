import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { seededRandom } from "@hollowfleet/core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { noAssets } from "../support/assets.ts";
import { type CuttableProxy, startCuttableProxy } from "../support/cuttable-proxy.ts";
import { eventually } from "../support/eventually.ts";
import {
  type InformerDump,
  type InformerOptions,
  InformerPeer,
  informerKinds,
  noInformerPeer,
} from "../support/informer-peer.ts";
import { startEmbeddedTarget } from "./harness/embedded-target.ts";
import type { Connection } from "./harness/exchange.ts";
import { startLocalTarget } from "./harness/local-target.ts";
import { makeNamespace } from "./harness/run-case.ts";
import { createConnections, type ServerTarget } from "./harness/server-target.ts";
import { writeKubeconfig } from "./informer/informer-kubeconfig.ts";
import { listedObjects } from "./informer/listed-objects.ts";
import { ObjectChanges } from "./informer/object-changes.ts";

const namespace = "informed";
const syncTimeoutMs = 60_000;

type Mode = Pick<InformerOptions, "encoding" | "watchList">;
/** All at once, so that each of them sees the same changes. */
const modes: readonly Mode[] = [
  { encoding: "protobuf", watchList: true },
  { encoding: "protobuf", watchList: false },
  { encoding: "json", watchList: true },
  { encoding: "json", watchList: false },
];

interface Target extends ServerTarget {
  /** The real server does that every five minutes; its watch cache reaches further back. */
  readonly compact?: () => void;
}

const targets: readonly { readonly name: string; readonly skipped: boolean; readonly start: () => Promise<Target> }[] =
  [
    { name: "embedded", skipped: noInformerPeer, start: startEmbeddedTarget },
    { name: "local", skipped: noInformerPeer || noAssets, start: startLocalTarget },
  ];

describe.each(targets)("client-go's informers against $name", ({ skipped, start }) => {
  describe.skipIf(skipped)("through 1,000 changes", () => {
    let rig: Rig;

    beforeAll(async () => {
      rig = await startRig(await start());
      await eventually(async () => {
        const kinds = (await rig.dumps()).flatMap((dump) => Object.values(dump.kinds));
        expect(kinds.every(({ synced }) => synced)).toBe(true);
      });
    });
    afterAll(() => rig?.stop());

    it("hear of each change once", async () => {
      await rig.changes.make(100);
      await rig.inSync();
      for (const dump of await rig.dumps()) expectEachEventOnce(dump, rig.changes);
    });

    it.each(["first", "second"])("go on where they were after the %s dropped connection", async () => {
      const before = await rig.dumps();
      await rig.changes.make(75);
      expect(rig.proxy.cut()).toBeGreaterThanOrEqual(modes.length);
      await rig.changes.make(125);
      await rig.inSync();
      for (const [i, dump] of (await rig.dumps()).entries()) {
        expectEachEventOnce(dump, rig.changes);
        for (const kind of informerKinds) {
          const { requests } = dump.kinds[kind];
          const { watches, ...others } = before[i]!.kinds[kind].requests;
          expect(requests).toEqual({ ...others, watches: watches + 1 });
        }
      }
    });

    it("begin again when what they missed is forgotten", async () => {
      const before = await rig.dumps();
      rig.proxy.hold();
      rig.proxy.cut();
      await rig.changes.make(150);
      rig.target.compact?.();
      rig.proxy.release();
      await rig.changes.make(150);
      await rig.inSync();
      const wasForgotten = rig.target.compact === undefined ? 0 : 1;
      for (const [i, dump] of (await rig.dumps()).entries()) {
        for (const kind of informerKinds) {
          const [was, is] = [before[i]!.kinds[kind].requests, dump.kinds[kind].requests];
          expect(is.expired - was.expired).toBe(wasForgotten);
          const [begun, other] = modes[i]!.watchList
            ? (["watchLists", "lists"] as const)
            : (["lists", "watchLists"] as const);
          expect([is[begun] - was[begun], is[other]]).toEqual([wasForgotten, 0]);
        }
      }
    });

    it("have not heard anything they could not make sense of", async () => {
      await rig.changes.make(200);
      await rig.inSync();
      expect(rig.changes.made).toBe(1000);
      for (const [i, { faults, kinds }] of (await rig.dumps()).entries()) {
        expect(faults, rig.peers[i]!.complaints).toBe(0);
        for (const kind of informerKinds) expect(kinds[kind].events.backwards).toBe(0);
      }
    });
  });
});

interface Rig {
  readonly target: Target;
  readonly proxy: CuttableProxy;
  readonly changes: ObjectChanges;
  /** One for each mode, in their order. */
  readonly peers: readonly InformerPeer[];
  dumps(): Promise<InformerDump[]>;
  /** Waits until every informer holds exactly what the server lists; fails with the difference. */
  inSync(): Promise<void>;
  stop(): Promise<void>;
}

/** A server with an empty namespace, a proxy before it, and informers of each mode. */
async function startRig(target: Target): Promise<Rig> {
  const connections = createConnections(target);
  const admin: Connection = connections.as("admin");
  await makeNamespace(connections, namespace);
  const proxy = await startCuttableProxy(target.server);
  const folder = mkdtempSync(join(tmpdir(), "hollow-informer-"));
  const kubeconfig = join(folder, "kubeconfig");
  writeKubeconfig(kubeconfig, target, proxy.url);
  const peers = modes.map((mode) => new InformerPeer({ ...mode, kubeconfig, namespace }));
  const dumps = () => Promise.all(peers.map((peer) => peer.dump()));
  const inSync = async (): Promise<void> => {
    const [configmaps, pods] = await Promise.all(informerKinds.map((kind) => listedObjects(admin, namespace, kind)));
    const held = async () =>
      (await dumps()).map(({ kinds }) => ({ configmaps: kinds.configmaps.objects, pods: kinds.pods.objects }));
    await expect.poll(held, { timeout: syncTimeoutMs, interval: 100 }).toEqual(modes.map(() => ({ configmaps, pods })));
  };
  return {
    target,
    proxy,
    peers,
    changes: new ObjectChanges(admin, namespace, seededRandom("informer")),
    dumps,
    inSync,
    async stop() {
      await Promise.all(peers.map((peer) => peer.stop()));
      connections.close();
      await proxy.close();
      await target.stop();
      rmSync(folder, { recursive: true });
    },
  };
}

function expectEachEventOnce({ kinds }: InformerDump, { counts }: ObjectChanges): void {
  for (const kind of informerKinds) {
    expect(kinds[kind].events).toEqual({ ...counts[kind], resynced: 0, backwards: 0 });
  }
}
