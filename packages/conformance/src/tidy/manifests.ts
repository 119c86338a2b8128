import type { Declared } from "./layers.ts";

const SCOPE = "@hollowfleet/";

/** The part of a package.json that the rules read. */
export interface PackageJson {
  readonly name: string;
  readonly description?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

/** The part of a tsconfig.json that the rules read. */
export interface TsConfig {
  readonly references?: readonly { readonly path: string }[];
}

/** The arrows that a package declares, names without the scope. */
export function declaredBy(manifest: PackageJson, tsconfig: TsConfig | undefined): Declared {
  return {
    name: unscoped(manifest.name),
    dependencies: workspaceNames(manifest.dependencies),
    devDependencies: workspaceNames(manifest.devDependencies),
    references: tsconfig?.references?.map(({ path }) => path.split("/").at(-1) ?? path),
  };
}

/** npm packages that a package needs at run time. */
export function runtimeDependencies({ dependencies = {} }: PackageJson): string[] {
  return Object.keys(dependencies).filter((name) => !name.startsWith(SCOPE));
}

/** Every package says in one line what it is for, under its folder's name. */
export function manifestFaults(folder: string, { name, description = "" }: PackageJson): string[] {
  return [
    ...(unscoped(name) === folder ? [] : [`${folder}: package.json names ${name}`]),
    ...(description.trim() === "" ? [`${folder}: package.json has no description`] : []),
  ];
}

/** Each runtime dependency is a decision, and has its line in ARCHITECTURE.md: "`name` …". */
export function undocumentedDependencies(names: readonly string[], architecture: string): string[] {
  return names
    .filter((name) => !architecture.includes(`\`${name}\``))
    .map((name) => `ARCHITECTURE.md has no line on the runtime dependency \`${name}\``);
}

function unscoped(name: string): string {
  return name.startsWith(SCOPE) ? name.slice(SCOPE.length) : name;
}

function workspaceNames(dependencies: Readonly<Record<string, string>> = {}): string[] {
  return Object.keys(dependencies)
    .filter((name) => name.startsWith(SCOPE))
    .map(unscoped);
}
