import { type Column, isPresent, isWideInteger } from '../../../../shared/table/column.ts';

/** A feature column's arrays in memory; its text is the dictionary of the source column. */
export type Gathered = Pick<Column, 'values' | 'validity'>;

/** The winners' values of a source column; null where there is no winner or the winner's value is null. */
export function gatherColumn(source: Column, winners: Int32Array, hasWinner: Uint8Array): Gathered {
  const validity = source.validity === null ? hasWinner : presence(source, winners);
  if (source.type === 'string') return { validity, values: codes(source.values, winners) };
  if (source.type === 'bool') return { validity, values: bytes(source.values, winners) };
  if (isWideInteger(source)) return { validity, values: integers(source.values, winners) };
  return { validity, values: numbers(source.values, winners) };
}

/** One byte a row: 1 where a row of the history won. */
export function winnerMask(winners: Int32Array): Uint8Array {
  const mask = new Uint8Array(winners.length);
  for (let row = 0; row < mask.length; row++) mask[row] = winners[row]! >= 0 ? 1 : 0;
  return mask;
}

function presence(source: Column, winners: Int32Array): Uint8Array {
  const mask = new Uint8Array(winners.length);
  for (let row = 0; row < mask.length; row++)
    mask[row] = winners[row]! >= 0 && isPresent(source, winners[row]!) ? 1 : 0;
  return mask;
}

// One function per element type: a loop that has met several typed-array classes runs many times slower.
function numbers(source: Float64Array, winners: Int32Array): Float64Array {
  const out = new Float64Array(winners.length);
  for (let row = 0; row < out.length; row++) {
    const winner = winners[row]!;
    if (winner >= 0) out[row] = source[winner]!;
  }
  return out;
}

function codes(source: Uint32Array, winners: Int32Array): Uint32Array {
  const out = new Uint32Array(winners.length);
  for (let row = 0; row < out.length; row++) {
    const winner = winners[row]!;
    if (winner >= 0) out[row] = source[winner]!;
  }
  return out;
}

function bytes(source: Uint8Array, winners: Int32Array): Uint8Array {
  const out = new Uint8Array(winners.length);
  for (let row = 0; row < out.length; row++) {
    const winner = winners[row]!;
    if (winner >= 0) out[row] = source[winner]!;
  }
  return out;
}

function integers(source: BigInt64Array, winners: Int32Array): BigInt64Array {
  const out = new BigInt64Array(winners.length);
  for (let row = 0; row < out.length; row++) {
    const winner = winners[row]!;
    if (winner >= 0) out[row] = source[winner]!;
  }
  return out;
}
