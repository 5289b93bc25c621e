import { mulberry32 } from '../arrays/mulberry32.ts';

/** Numbers [from, to) in an order drawn from the seed (Fisher and Yates). */
export function shuffled(from: number, to: number, seed: number): Uint32Array {
  const order = Uint32Array.from({ length: to - from }, (_, index) => from + index);
  const random = mulberry32(seed);
  for (let index = order.length - 1; index > 0; index--) {
    const other = Math.floor(random() * (index + 1));
    [order[index], order[other]] = [order[other]!, order[index]!];
  }
  return order;
}

/** A seed of its own for each number, such as an epoch, out of the fit's seed. */
export const mix = (seed: number, number: number): number =>
  (Math.imul(seed, 0x85ebca6b) ^ Math.imul(number, 0xc2b2ae35)) >>> 0;
