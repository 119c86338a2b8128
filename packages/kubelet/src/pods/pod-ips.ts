/** A range of IPv4 addresses: the first, and how many. */
interface Range {
  readonly first: number;
  readonly count: number;
}

const cidrPattern = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})\/(\d{1,2})$/;

/** The usable addresses: without network, gateway (.1) and broadcast. undefined: no IPv4 CIDR, or too small, or loopback. */
function usableRange(cidr: string): Range | undefined {
  const match = cidrPattern.exec(cidr);
  if (match === null) return undefined;
  const [a = 0, b = 0, c = 0, d = 0, bits = 0] = match.slice(1).map(Number);
  if (a > 255 || b > 255 || c > 255 || d > 255 || bits > 30 || a === 127) return undefined;
  const size = 2 ** (32 - bits);
  const address = ((a * 256 + b) * 256 + c) * 256 + d;
  return { first: address - (address % size) + 2, count: size - 3 };
}

function format(address: number): string {
  return [address >>> 24, (address >>> 16) & 255, (address >>> 8) & 255, address & 255].join(".");
}

/** Hands out pod IPs as the host-local CNI plugin does: each once, and a free one again as late as possible. */
export class PodIps {
  readonly #used = new Set<string>();
  readonly #fallback: Range | undefined;
  #range: Range | undefined;
  #next = 0;

  /** @param fallbackCidr used until `setCidr` has been told of an IPv4 CIDR */
  constructor(fallbackCidr: string) {
    this.#fallback = usableRange(fallbackCidr);
    this.#range = this.#fallback;
  }

  /** The Node's spec.podCIDR. Addresses given out before stay given out. */
  setCidr(cidr: string | undefined): void {
    const range = (cidr === undefined ? undefined : usableRange(cidr)) ?? this.#fallback;
    if (range?.first === this.#range?.first && range?.count === this.#range?.count) return;
    this.#range = range;
    this.#next = 0;
  }

  /** A free address; undefined when there is none. */
  allocate(): string | undefined {
    const range = this.#range;
    if (range === undefined) return undefined;
    for (let tries = 0; tries < range.count; tries++) {
      const ip = format(range.first + this.#next);
      this.#next = (this.#next + 1) % range.count;
      if (this.#used.has(ip)) continue;
      this.#used.add(ip);
      return ip;
    }
    return undefined;
  }

  /** Marks an address as given out that a pod already has. */
  reserve(ip: string): void {
    this.#used.add(ip);
  }

  release(ip: string): void {
    this.#used.delete(ip);
  }
}
