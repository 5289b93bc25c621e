/** Puts values into an order drawn evenly from all orders, in place. */
export function shuffle(values: Float32Array | Uint32Array, random: (below: number) => number): void {
  for (let index = values.length - 1; index > 0; index--) {
    const other = random(index + 1);
    [values[index], values[other]] = [values[other]!, values[index]!];
  }
}

/** Whole numbers from 0 below a bound (Marsaglia 2003, xorshift on 32 bits). */
export function randomIndices(seed: number): (below: number) => number {
  let state = (seed ^ 0x9e3779b9) >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return Math.floor(((state >>> 0) / 2 ** 32) * below);
  };
}
