/** Equal ranges of an IPv4 network, each given out once (pkg/controller/nodeipam/ipam/cidrset). */
export class PodCidrs {
  readonly #base: number;
  readonly #maskSize: number;
  readonly #count: number;
  readonly #taken = new Set<number>();
  #next = 0;

  /**
   * @param clusterCidr e.g. "10.64.0.0/10"
   * @param maskSize of each range, e.g. 24
   * @throws RangeError when the cluster's network is no IPv4 network or smaller than one range
   */
  constructor(clusterCidr: string, maskSize: number) {
    const cluster = parseCidr(clusterCidr);
    if (cluster === undefined || cluster.maskSize > maskSize || maskSize > 30) {
      throw new RangeError(`no ranges of /${maskSize} in "${clusterCidr}"`);
    }
    this.#base = cluster.address;
    this.#maskSize = maskSize;
    this.#count = 2 ** (maskSize - cluster.maskSize);
  }

  get free(): number {
    return this.#count - this.#taken.size;
  }

  /** The next free range in turn; undefined when all are taken. */
  allocate(): string | undefined {
    if (this.free === 0) return undefined;
    while (this.#taken.has(this.#next)) this.#next = (this.#next + 1) % this.#count;
    const index = this.#next;
    this.#taken.add(index);
    this.#next = (index + 1) % this.#count;
    return formatCidr(this.#base + index * 2 ** (32 - this.#maskSize), this.#maskSize);
  }

  /** Notes a range that somebody has already. */
  occupy(cidr: string): void {
    const index = this.#indexOf(cidr);
    if (index !== undefined) this.#taken.add(index);
  }

  release(cidr: string): void {
    const index = this.#indexOf(cidr);
    if (index !== undefined) this.#taken.delete(index);
  }

  #indexOf(cidr: string): number | undefined {
    const range = parseCidr(cidr);
    if (range === undefined || range.maskSize !== this.#maskSize) return undefined;
    const index = (range.address - this.#base) / 2 ** (32 - this.#maskSize);
    return Number.isInteger(index) && index >= 0 && index < this.#count ? index : undefined;
  }
}

/** The network's address as a number, with the host's bits cut off. */
function parseCidr(text: string): { readonly address: number; readonly maskSize: number } | undefined {
  const match = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/.exec(text);
  if (match === null) return undefined;
  const [a, b, c, d, maskSize] = match.slice(1).map(Number) as [number, number, number, number, number];
  if (Math.max(a, b, c, d) > 255 || maskSize > 32) return undefined;
  const size = 2 ** (32 - maskSize);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  return { address: Math.floor(address / size) * size, maskSize };
}

function formatCidr(address: number, maskSize: number): string {
  const octets = [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256);
  return `${octets.join(".")}/${maskSize}`;
}
