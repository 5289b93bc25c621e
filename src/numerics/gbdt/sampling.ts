import type { FitGbdtOptions } from './options.ts';
import type { ThreadWork } from './thread-work.ts';

/** A well-mixed 32-bit number of a seed and a counter (the finaliser of MurmurHash3). */
export function roundSeed(seed: number, counter: number): number {
  let x = Math.imul(seed, 0x9e3779b1) ^ Math.imul(counter + 1, 0x85ebca77);
  x = Math.imul(x ^ (x >>> 16), 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Marks the features that the next tree may use, by nothing but the seed and the tree's number, and the directions of all. */
export function chooseColumns(work: ThreadWork, options: FitGbdtOptions, tree: number): void {
  const { features, at } = work.plan;
  const wanted = Math.max(1, Math.round(features * (options.columnSampling ?? 1)));
  const table = new Uint8Array(work.buffer, at.featureTable, features * 8);
  const order = Uint32Array.from({ length: features }, (_, feature) => feature);
  if (wanted < features)
    for (let index = 0; index < wanted; index++) {
      const other = index + (roundSeed(options.seed ?? 0, tree * features + index) % (features - index));
      [order[index], order[other]] = [order[other]!, order[index]!];
    }
  for (const [rank, feature] of order.entries()) {
    table[feature * 8 + 3] = options.monotone?.[feature] ?? 0;
    table[feature * 8 + 4] = rank < wanted ? 1 : 0;
  }
}
