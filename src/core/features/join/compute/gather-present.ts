import { type Column, isWideInteger } from '../../../../shared/table/column.ts';
import type { PresentColumn } from '../../../../shared/table/present-column.ts';
import type { WinnerRows } from './gather.ts';

/** The winners' values of a source column, without what is null: rows that have no winner, or whose winner's value is. */
export function gatherPresent(source: Column, won: WinnerRows): PresentColumn {
  const { mask, winners } = source.validity === null ? won : withValue(source.validity, won);
  const part = { rows: mask.length, mask: winners.length === mask.length ? null : mask };
  if (source.type === 'string')
    return { ...part, type: 'string', dictionary: source.dictionary, values: codes(source.values, winners) };
  if (source.type === 'bool') return { ...part, type: 'bool', values: bytes(source.values, winners) };
  if (isWideInteger(source)) return { ...part, type: 'int64', values: integers(source.values, winners) };
  return { ...part, type: source.type, values: numbers(source.values, winners) };
}

/** The rows whose winner has a value. */
function withValue(
  validity: Uint8Array,
  { mask, rows, winners }: WinnerRows,
): Pick<WinnerRows, 'mask' | 'winners'> {
  const present = new Uint8Array(mask.length);
  // One more: what has no value is written, too, and the next takes its place.
  const kept = new Uint32Array(winners.length + 1);
  let count = 0;
  for (let at = 0; at < winners.length; at++) {
    const winner = winners[at]!;
    const hasValue = validity[winner]!;
    present[rows[at]!] = hasValue;
    kept[count] = winner;
    count += hasValue;
  }
  return { mask: present, winners: kept.subarray(0, count) };
}

// One function per element type: a loop that has met several typed-array classes runs many times slower.
function numbers(source: Float64Array, winners: Uint32Array): Float64Array {
  const out = new Float64Array(winners.length);
  for (let at = 0; at < out.length; at++) out[at] = source[winners[at]!]!;
  return out;
}

function codes(source: Uint32Array, winners: Uint32Array): Uint32Array {
  const out = new Uint32Array(winners.length);
  for (let at = 0; at < out.length; at++) out[at] = source[winners[at]!]!;
  return out;
}

function bytes(source: Uint8Array, winners: Uint32Array): Uint8Array {
  const out = new Uint8Array(winners.length);
  for (let at = 0; at < out.length; at++) out[at] = source[winners[at]!]!;
  return out;
}

function integers(source: BigInt64Array, winners: Uint32Array): BigInt64Array {
  const out = new BigInt64Array(winners.length);
  for (let at = 0; at < out.length; at++) out[at] = source[winners[at]!]!;
  return out;
}
