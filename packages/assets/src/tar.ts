import { AssetsError } from "./assets-error.ts";

const blockBytes = 512;

/** The content of one regular file of a tar archive (POSIX ustar), by its exact path. */
export function readTarEntry(archive: Buffer, path: string): Buffer {
  for (let at = 0; at + blockBytes <= archive.length; ) {
    const header = archive.subarray(at, at + blockBytes);
    const text = (from: number, length: number) => header.toString("utf8", from, from + length).replace(/\0.*$/s, "");
    const name = text(0, 100);
    if (name === "") break;
    const prefix = text(345, 155);
    const bytes = Number.parseInt(text(124, 12).trim() || "0", 8);
    const start = at + blockBytes;
    const isFile = text(156, 1) === "0" || text(156, 1) === "";
    if (isFile && (prefix === "" ? name : `${prefix}/${name}`) === path && start + bytes <= archive.length) {
      return archive.subarray(start, start + bytes);
    }
    at = start + Math.ceil(bytes / blockBytes) * blockBytes;
  }
  throw new AssetsError("no-such-release", `the archive has no ${path}`);
}
