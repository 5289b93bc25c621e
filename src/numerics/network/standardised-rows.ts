import type { MatrixRows } from '../linear/index.ts';
import { type NetworkInput, standardise } from './input.ts';

/** Larger ones are read column by column, which costs a fetch from memory for every number. Trials side by side have one each. */
const LARGEST_BYTES = 256 * 1024 * 1024;
const BLOCK_ROWS = 64;

/**
 * The numbers of rows [from, to) side by side as the network takes them, (to − from) × numbers; null where they would take too
 * much memory. A batch of rows drawn at random is then read line by line instead of from all over the matrix.
 */
export function standardisedRows(data: MatrixRows, inputs: readonly NetworkInput[]): Float32Array | null {
  const numbers = inputs.filter((input) => input.kind === 'number');
  const { matrix, rows: stride, from, to } = data;
  if (numbers.length === 0 || (to - from) * numbers.length * 4 > LARGEST_BYTES) return null;
  const out = new Float32Array((to - from) * numbers.length);
  for (let start = from; start < to; start += BLOCK_ROWS) {
    const end = Math.min(to, start + BLOCK_ROWS);
    for (const [place, input] of numbers.entries()) {
      const offset = input.feature * stride;
      for (let row = start; row < end; row++)
        out[(row - from) * numbers.length + place] = standardise(matrix[offset + row]!, input);
    }
  }
  return out;
}
