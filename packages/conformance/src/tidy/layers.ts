/** What one workspace package may import from the others. Names are without the scope. */
export interface Layer {
  readonly imports: readonly string[];
  /** More that only its tests may import. */
  readonly testImports?: readonly string[];
}

/**
 * The architecture as a table: arrows point upwards in it only, since a package may import only from lines above its own.
 * The same arrows stand in each package.json and in each tsconfig.json; the tidy test compares all three.
 */
export const LAYERS: Readonly<Record<string, Layer>> = {
  core: { imports: [] },
  launch: { imports: [] },
  wire: { imports: ["core"] },
  pki: { imports: ["core"] },
  assets: { imports: ["core"] },
  metrics: { imports: ["core"] },
  report: { imports: ["core", "metrics"] },
  client: { imports: ["core", "wire"], testImports: ["pki"] },
  kubelet: { imports: ["core", "wire", "client"] },
  // Never client: what is wrong in both must not cancel out.
  apiserver: { imports: ["core", "wire"], testImports: ["pki"] },
  controllers: { imports: ["core", "wire"] },
  controlplane: { imports: ["core", "pki", "assets", "apiserver", "controllers"] },
  fleet: { imports: ["core", "pki", "metrics", "client", "kubelet"] },
  driver: { imports: ["core", "wire", "metrics", "client", "kubelet", "controlplane", "fleet"] },
  cli: {
    imports: ["core", "assets", "metrics", "report", "client", "kubelet", "controlplane", "driver"],
  },
  bench: { imports: ["core", "wire", "pki", "assets", "client", "kubelet", "controlplane", "fleet"] },
  conformance: {
    imports: [
      "core",
      "wire",
      "pki",
      "assets",
      "apiserver",
      "metrics",
      "report",
      "client",
      "kubelet",
      "controlplane",
      "fleet",
      "driver",
      "cli",
    ],
  },
};

/** What a package declares about itself, names without the scope. */
export interface Declared {
  readonly name: string;
  readonly dependencies: readonly string[];
  readonly devDependencies: readonly string[];
  /** `undefined` if the package has no tsconfig.json. */
  readonly references: readonly string[] | undefined;
}

/** Faults of the table itself: an arrow to a line that is not above, which also rules out every cycle. */
export function orderFaults(layers: Readonly<Record<string, Layer>>): string[] {
  const above = new Set<string>();
  return Object.entries(layers).flatMap(([name, { imports, testImports = [] }]) => {
    const faults = [...imports, ...testImports].filter((target) => !above.has(target));
    above.add(name);
    return faults.map((target) => `${name} may not point to ${target}: it is not above ${name} in the layer table`);
  });
}

/** Differences between the table and what a package's package.json and tsconfig.json say. */
export function declarationFaults(declared: Declared, layers: Readonly<Record<string, Layer>>): string[] {
  const layer = layers[declared.name];
  if (layer === undefined) return [`${declared.name} is missing from the layer table`];
  const { imports, testImports = [] } = layer;
  return [
    ...differences(`${declared.name}: dependencies of package.json`, declared.dependencies, imports),
    ...differences(`${declared.name}: devDependencies of package.json`, declared.devDependencies, testImports),
    ...(declared.references === undefined
      ? []
      : differences(`${declared.name}: references of tsconfig.json`, declared.references, [
          ...imports,
          ...testImports,
        ])),
  ];
}

function differences(where: string, actual: readonly string[], table: readonly string[]): string[] {
  return [
    ...table.filter((name) => !actual.includes(name)).map((name) => `${where} lack ${name}, which the table has`),
    ...actual.filter((name) => !table.includes(name)).map((name) => `${where} have ${name}, which the table lacks`),
  ];
}
