import type { Table } from '../../shared/table/column.ts';
import { takeRows } from '../data/index.ts';

/** Cuts a table into two halves at random, seeded, keeping the order of rows within each. */
export function randomHalves(table: Table, seed: number): [Table, Table] {
  const first = new Uint32Array(table.rows);
  const second = new Uint32Array(table.rows);
  let [inFirst, inSecond] = [0, 0];
  let state = seed >>> 0 || 1;
  for (let row = 0; row < table.rows; row++) {
    // Marsaglia 2003, "Xorshift RNGs": the triple 13, 17, 5; its top bit decides.
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    if (state < 0) first[inFirst++] = row;
    else second[inSecond++] = row;
  }
  return [takeRows(table, first.subarray(0, inFirst)), takeRows(table, second.subarray(0, inSecond))];
}
