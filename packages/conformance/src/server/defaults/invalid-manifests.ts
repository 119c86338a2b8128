import { invalidCore, invalidServices } from "./invalid-core.ts";
import { invalidPods } from "./invalid-pods.ts";
import { invalidClusterKinds, invalidWorkloads } from "./invalid-workloads.ts";
import type { Manifest } from "./manifest.ts";

/** Bodies that the server refuses, most of them for more than one fault. */
export const invalidManifests: readonly Manifest[] = [
  ...invalidPods,
  ...invalidCore,
  ...invalidServices,
  ...invalidWorkloads,
  ...invalidClusterKinds,
];
