import { createHash } from "node:crypto";
import { connect, createServer, type Server } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { aborted } from "./assets-error.ts";

const pollMs = 200;

/**
 * Lets one process at a time install into `dir`. The lock is a socket in Linux' abstract namespace (unix(7)): the
 * kernel lets go of it when its holder dies, however it dies, so there is no stale lock to judge by ids and times. Two
 * network namespaces that share a cache do not see each other's; renames keep even those from mixing files.
 * @param onWait called once, with the holder's process id, when another one installs
 */
export async function withInstallLock<T>(
  dir: string,
  work: () => Promise<T>,
  options: { readonly onWait?: (holder: string) => void; readonly signal?: AbortSignal } = {},
): Promise<T> {
  const name = `\0hollowfleet-assets-${createHash("sha256").update(dir).digest("hex").slice(0, 32)}`;
  let lock = await tryHold(name);
  if (lock === undefined) options.onWait?.(await holderOf(name));
  while (lock === undefined) {
    if (options.signal?.aborted === true) throw aborted("installation");
    await sleep(pollMs);
    lock = await tryHold(name);
  }
  const held = lock;
  try {
    return await work();
  } finally {
    await new Promise((resolve) => held.close(resolve));
  }
}

function tryHold(name: string): Promise<Server | undefined> {
  return new Promise((resolve, reject) => {
    const server = createServer((socket) => {
      socket.on("error", () => undefined);
      socket.end(String(process.pid));
    });
    server.once("error", (error: NodeJS.ErrnoException) => {
      if (error.code === "EADDRINUSE") resolve(undefined);
      else reject(error);
    });
    server.listen(name, () => resolve(server));
  });
}

function holderOf(name: string): Promise<string> {
  return new Promise((resolve) => {
    let text = "";
    const socket = connect(name);
    socket.on("data", (data) => {
      text += data.toString();
    });
    socket.on("error", () => resolve("unknown"));
    socket.on("end", () => resolve(text));
  });
}
