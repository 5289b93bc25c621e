import { type Column, isPresent, isWideInteger } from '../../../../shared/table/column.ts';

/** A feature column's arrays in memory; its text is the dictionary of the source column. */
export type Gathered = Pick<Column, 'values' | 'validity'>;

/** Which rows have a winner, and which row of the history it is. Loops over these have no branch that cannot be foreseen. */
export interface WinnerRows {
  /** One byte a row: 1 where a row of the history won. */
  readonly mask: Uint8Array;
  /** Rows that have a winner, ascending. */
  readonly rows: Uint32Array;
  /** The winner of each of these. */
  readonly winners: Uint32Array;
}

/** @param winners one a row; below zero where none won. */
export function winnerRows(winners: Int32Array): WinnerRows {
  const mask = new Uint8Array(winners.length);
  // One more: a row without a winner is written, too, and the next takes its place.
  const rows = new Uint32Array(winners.length + 1);
  const won = new Uint32Array(winners.length + 1);
  let count = 0;
  for (let row = 0; row < mask.length; row++) {
    const winner = winners[row]!;
    const hasWinner = 1 + (winner >> 31);
    mask[row] = hasWinner;
    rows[count] = row;
    won[count] = winner;
    count += hasWinner;
  }
  return { mask, rows: rows.subarray(0, count), winners: won.subarray(0, count) };
}

/** The winners' values of a source column; null where there is no winner or the winner's value is null. */
export function gatherColumn(source: Column, won: WinnerRows): Gathered {
  const validity = source.validity === null ? won.mask : presence(source, won);
  if (source.type === 'string') return { validity, values: codes(source.values, won) };
  if (source.type === 'bool') return { validity, values: bytes(source.values, won) };
  if (isWideInteger(source)) return { validity, values: integers(source.values, won) };
  return { validity, values: numbers(source.values, won) };
}

function presence(source: Column, { mask, rows, winners }: WinnerRows): Uint8Array {
  const present = new Uint8Array(mask.length);
  for (let at = 0; at < rows.length; at++) present[rows[at]!] = isPresent(source, winners[at]!) ? 1 : 0;
  return present;
}

// One function per element type: a loop that has met several typed-array classes runs many times slower.
function numbers(source: Float64Array, { mask, rows, winners }: WinnerRows): Float64Array {
  const out = new Float64Array(mask.length);
  for (let at = 0; at < rows.length; at++) out[rows[at]!] = source[winners[at]!]!;
  return out;
}

function codes(source: Uint32Array, { mask, rows, winners }: WinnerRows): Uint32Array {
  const out = new Uint32Array(mask.length);
  for (let at = 0; at < rows.length; at++) out[rows[at]!] = source[winners[at]!]!;
  return out;
}

function bytes(source: Uint8Array, { mask, rows, winners }: WinnerRows): Uint8Array {
  const out = new Uint8Array(mask.length);
  for (let at = 0; at < rows.length; at++) out[rows[at]!] = source[winners[at]!]!;
  return out;
}

function integers(source: BigInt64Array, { mask, rows, winners }: WinnerRows): BigInt64Array {
  const out = new BigInt64Array(mask.length);
  for (let at = 0; at < rows.length; at++) out[rows[at]!] = source[winners[at]!]!;
  return out;
}
