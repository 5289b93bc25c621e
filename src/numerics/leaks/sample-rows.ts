import { mulberry32 } from '../arrays/mulberry32.ts';

/**
 * Rows drawn without replacement, each with the same chance, in ascending order; all of them when there are no more than
 * `limit`. Selection sampling (Knuth, The Art of Computer Programming 2, 3.4.2, algorithm S), seeded.
 */
export function sampleRows(rows: number, limit: number, seed: number): Uint32Array {
  if (rows <= limit) return Uint32Array.from({ length: rows }, (_, row) => row);
  const random = mulberry32(seed);
  const chosen = new Uint32Array(limit);
  let taken = 0;
  for (let row = 0; taken < limit; row++) {
    if (random() * (rows - row) < limit - taken) chosen[taken++] = row;
  }
  return chosen;
}
