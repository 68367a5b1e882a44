/** Chance as an interface, and what can be drawn from it. Bodies: `adapters/browser`, `adapters/node`, `sim`. */

export interface Random {
  /** `length` unpredictable bytes in fresh memory (in the simulator: seeded ones). */
  bytes(length: number): Uint8Array<ArrayBuffer>;
}

/** A whole number from 0 to `bound` - 1, bound ≤ 2^32; bias below 2^-21. */
export function below(random: Random, bound: number): number {
  const [a, b, c, d, e, f, g] = random.bytes(7) as unknown as [number, number, number, number, number, number, number];
  const high = (a & 0x1f) * 0x10000 + b * 0x100 + c;
  const low = d * 0x1000000 + e * 0x10000 + f * 0x100 + g;
  return Math.floor(((high * 0x100000000 + low) / 0x20000000000000) * bound);
}

/** One of the items; undefined for an empty list. */
export function pick<T>(random: Random, items: readonly T[]): T | undefined {
  return items.length === 0 ? undefined : items[below(random, items.length)];
}

/** The items in a random order, as a new array (Fisher and Yates). */
export function shuffle<T>(random: Random, items: readonly T[]): T[] {
  const order = [...items];
  for (let i = order.length - 1; i > 0; i--) {
    const j = below(random, i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  return order;
}
