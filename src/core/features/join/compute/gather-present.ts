import { type Column, isWideInteger } from '../../../../shared/table/column.ts';
import type { PresentColumn } from '../../../../shared/table/present-column.ts';
import { takeBytes, takeCodes, takeNumbers, takeWide } from '../../../../shared/table/take-values.ts';
import type { WinnerRows } from './gather.ts';

/** The winners' values of a source column, without what is null: rows that have no winner, or whose winner's value is. */
export function gatherPresent(source: Column, won: WinnerRows): PresentColumn {
  const { mask, winners } = source.validity === null ? won : withValue(source.validity, won);
  const part = { rows: mask.length, mask: winners.length === mask.length ? null : mask };
  if (source.type === 'string')
    return {
      ...part,
      type: 'string',
      dictionary: source.dictionary,
      values: takeCodes(source.values, winners),
    };
  if (source.type === 'bool') return { ...part, type: 'bool', values: takeBytes(source.values, winners) };
  if (isWideInteger(source)) return { ...part, type: 'int64', values: takeWide(source.values, winners) };
  return { ...part, type: source.type, values: takeNumbers(source.values, winners) };
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
