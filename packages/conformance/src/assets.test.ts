import { type ChildProcess, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { assetVersions, binaryNames, listAssets } from "@hollowfleet/assets";
import { afterAll, describe, expect, it } from "vitest";

const cache = mkdtempSync(join(tmpdir(), "hollowfleet-test-"));
afterAll(() => rmSync(cache, { recursive: true }));
const env = { ...process.env, XDG_CACHE_HOME: cache };

/** What an installing process prints: its progress as JSON, and at the end what it installed. */
interface Installing {
  readonly child: ChildProcess;
  readonly lines: string[];
  shows(text: string): Promise<void>;
  readonly ended: Promise<number | null>;
}

/** Installs in a process of its own, from a source that makes each file only when `url` answers. */
function install(url: string): Installing {
  const program = `
    import { installAssets } from "@hollowfleet/assets";
    import { writeFileSync } from "node:fs";
    import { join } from "node:path";
    const source = {
      name: "download",
      check: async () => undefined,
      async produce({ binary, dir }) {
        const path = join(dir, "." + binary + "." + process.pid);
        console.log("makes " + binary);
        writeFileSync(path, await (await fetch(process.argv[1] + "/" + binary)).text());
        return path;
      },
    };
    const { installed } = await installAssets({ source, onProgress: (p) => console.log(p.kind) });
    console.log("installed " + installed.join(","));
  `;
  const child = spawn(process.execPath, ["--input-type=module", "-e", program, "--", url], {
    cwd: import.meta.dirname,
    env,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const lines: string[] = [];
  createInterface({ input: child.stdout! }).on("line", (line) => lines.push(line));
  return {
    child,
    lines,
    shows: (text) => expect.poll(() => lines, { timeout: 20_000, interval: 20 }).toContain(text),
    ended: new Promise((resolve) => child.once("exit", (code) => resolve(code))),
  };
}

/** Answers with the name of the binary, but holds the answer for kube-apiserver back until it is let go. */
async function startGate(): Promise<{ readonly url: string; letGo(): void; readonly server: Server }> {
  let letGo: () => void = () => undefined;
  const open = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const server = createServer(async (request, response) => {
    if (request.url === "/kube-apiserver") await open;
    response.end(`binary ${request.url}`);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, letGo: () => letGo(), server };
}

describe("installations in several processes", () => {
  it("wait for each other, and the next one takes over from one that was killed", async () => {
    const gate = await startGate();
    try {
      const first = install(gate.url);
      await first.shows("makes kube-apiserver");
      const second = install(gate.url);
      await second.shows("waiting");
      expect(second.lines).not.toContain("makes kube-apiserver");
      first.child.kill("SIGKILL");
      await second.shows("makes kube-apiserver");
      // What the first one had finished is not made again.
      expect(second.lines).toContain("already");
      expect(second.lines).not.toContain("makes etcd");
      gate.letGo();
      expect(await second.ended).toBe(0);
      expect(second.lines.at(-1)).toBe("installed kube-apiserver,kube-scheduler,kube-controller-manager,kubectl");
      const [listed] = await listAssets({ env, verify: true });
      expect(listed).toMatchObject({ complete: true, versions: assetVersions() });
      for (const { name, path, sha256 } of listed!.files) {
        expect(readFileSync(path, "utf8")).toBe(`binary /${name}`);
        expect(sha256).toBe(createHash("sha256").update(`binary /${name}`).digest("hex"));
      }
      expect(listed!.files.map(({ name }) => name)).toEqual([...binaryNames]);
    } finally {
      gate.server.close();
      gate.server.closeAllConnections();
    }
  });
});
