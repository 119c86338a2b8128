/**
 * Addresses of a local cluster. Nothing routes to them; they only have to be valid, distinct, and not loopback, which
 * EndpointSlices and node proxies refuse.
 */
export const network = {
  /** 32,768 blocks of /24: a node's block holds 254 pods, and 10,000 nodes need a third. */
  clusterCidr: "10.128.0.0/9",
  nodeCidrMaskSize: 24,
  /** As kubeadm's. */
  serviceCidr: "10.96.0.0/12",
  /** The first address of serviceCidr: the Service `kubernetes`. */
  kubernetesServiceIp: "10.96.0.1",
  /** kube-apiserver refuses a loopback address here; this one is for documentation (RFC 5737) and reaches nobody. */
  advertiseAddress: "192.0.2.1",
  clusterDomain: "cluster.local",
} as const;
