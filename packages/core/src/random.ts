/** Numbers that repeat with the seed. Not for secrets. */
export interface Random {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, below). */
  int(below: number): number;
  /** A generator of its own for one purpose: draws from it do not shift the draws of any other. */
  fork(label: string): Random;
  /** `count` hexadecimal digits. */
  hex(count: number): string;
}

/** FNV-1a, 32 bit: spreads labels and seeds over the state. */
function hash(text: string, start: number): number {
  let h = (0x811c9dc5 ^ start) >>> 0;
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return h;
}

/** One step of splitmix32, used to fill the state from a seed. */
function splitmix(seed: number): number {
  let z = (seed + 0x9e3779b9) | 0;
  z = Math.imul(z ^ (z >>> 16), 0x85ebca6b);
  z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35);
  return (z ^ (z >>> 16)) >>> 0;
}

/**
 * A generator from a seed: sfc32 (Doty-Humphrey's small fast counter), chosen for speed and its passing of PractRand.
 * @param seed any number or text; equal seeds give equal sequences on every machine
 */
export function seededRandom(seed: number | string): Random {
  const text = String(seed);
  let a = splitmix(hash(text, 1));
  let b = splitmix(hash(text, 2));
  let c = splitmix(hash(text, 3));
  let counter = 1;
  const draw = (): number => {
    const t = (a + b + counter++) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + t;
    return t >>> 0;
  };
  for (let i = 0; i < 12; i++) draw();
  return {
    next: () => draw() / 2 ** 32,
    int: (below) => Math.floor((draw() / 2 ** 32) * below),
    fork: (label) => seededRandom(`${text}/${label}`),
    hex(count) {
      let digits = "";
      while (digits.length < count) digits += draw().toString(16).padStart(8, "0");
      return digits.slice(0, count);
    },
  };
}

/** `base` plus a uniform share of it, up to `factor`: the jitter of k8s.io/apimachinery/pkg/util/wait.Jitter. */
export function jitter(random: Random, base: number, factor: number): number {
  return base + random.next() * factor * base;
}
