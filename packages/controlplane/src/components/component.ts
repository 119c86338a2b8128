/** The processes of a control plane, in the order in which they start. */
export const componentNames = ["etcd", "kube-apiserver", "kube-scheduler", "kube-controller-manager"] as const;
export type ComponentName = (typeof componentNames)[number];

/** Flags without their dashes. */
export type Flags = Readonly<Record<string, string>>;

/** A certificate and a key, as files. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

/** Flags as a command line; `extra` wins over `flags`. */
export function toArgv(flags: Flags, extra: Flags = {}): string[] {
  return Object.entries({ ...flags, ...extra }).map(([name, value]) => `--${name}=${value}`);
}

/** `A=true,B=false`, in the order of names; undefined when there are none. */
export function featureGatesFlag(gates: Readonly<Record<string, boolean>> = {}): Flags {
  const names = Object.keys(gates).sort();
  return names.length === 0 ? {} : { "feature-gates": names.map((name) => `${name}=${gates[name]}`).join(",") };
}

/**
 * Flags as the manifest shows them: without those that name a file of this run or one of its ports, so that two runs
 * of one configuration have equal settings.
 */
export function comparableFlags(component: ComponentName, flags: Flags, runDir: string): Record<string, string> {
  const ofThisRun = (name: string, value: string) =>
    name === "secure-port" || value.includes(runDir) || /127\.0\.0\.1:\d+/.test(value);
  return Object.fromEntries(
    Object.entries(flags)
      .filter(([name, value]) => !ofThisRun(name, value))
      .map(([name, value]) => [`${component} --${name}`, value]),
  );
}
