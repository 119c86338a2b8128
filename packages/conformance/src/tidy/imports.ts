import { blankNonCode } from "./source-text.ts";

const SCOPE = "@hollowfleet/";

/** The module specifiers of a source's static and dynamic imports and re-exports, in order. */
export function importsOf(source: string): string[] {
  // The contents of strings are blank in the code, so a quotation of an import is not one.
  return [...blankNonCode(source).matchAll(/(?:(?<!\.)\bfrom\s*|\bimport\s*\(?\s*)(["'])( *)\1/g)].map((match) => {
    const end = match.index + match[0].length - 1;
    return source.slice(end - (match[2]?.length ?? 0), end);
  });
}

/** What a file of one package may import, names of workspace packages without the scope. */
export interface Allowed {
  readonly workspace: readonly string[];
  /** npm packages. `undefined` where any will do, since pnpm links only what is declared. */
  readonly external: readonly string[] | undefined;
}

export function importFaults(path: string, source: string, allowed: Allowed): string[] {
  return importsOf(source).flatMap((specifier) => {
    const fault = importFault(path, specifier, allowed);
    return fault === undefined ? [] : [`${path}: ${fault}`];
  });
}

function importFault(path: string, specifier: string, allowed: Allowed): string | undefined {
  if (specifier.startsWith(".")) return relativeFault(path, specifier);
  if (specifier.startsWith("node:")) return undefined;
  if (!specifier.startsWith(SCOPE)) {
    const name = specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");
    return allowed.external?.includes(name) === false ? `imports ${name}, which is not a dependency` : undefined;
  }
  const [name = "", ...rest] = specifier.slice(SCOPE.length).split("/");
  if (rest.length > 0) return `imports ${specifier}: import the package's root entry`;
  return allowed.workspace.includes(name) ? undefined : `may not import ${specifier}: see the layer table`;
}

/** `packages/a/src/x.ts` may reach anything below `packages/a`, and built output nowhere. */
function relativeFault(path: string, specifier: string): string | undefined {
  const root = path.split("/", path.startsWith("packages/") ? 2 : 1).join("/");
  const target = new URL(specifier, `file:///${path}`).pathname.slice(1);
  if (!target.startsWith(`${root}/`)) return `imports ${specifier}, which is outside of its package`;
  return target.startsWith(`${root}/dist/`) ? `imports ${specifier}: import the source` : undefined;
}
