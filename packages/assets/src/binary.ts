/** What `local` runs, and kubectl, in the order in which they are installed: a control plane needs kubectl last. */
export const binaryNames = ["etcd", "kube-apiserver", "kube-scheduler", "kube-controller-manager", "kubectl"] as const;
export type BinaryName = (typeof binaryNames)[number];

/** Without these there is no control plane. kubectl is for people. */
export const requiredBinaries: readonly Exclude<BinaryName, "kubectl">[] = [
  "etcd",
  "kube-apiserver",
  "kube-scheduler",
  "kube-controller-manager",
];
