import type { ImportMode } from '../../../shared/contract/types.ts';
import type { Column } from '../../../shared/table/column.ts';
import { NO_KEY, RowKeys } from './row-keys.ts';

/** No row corrects it. */
export const NOT_CORRECTED = -1;

/** Versions of a history, each with the rows that it added. */
export interface Addition {
  readonly mode: ImportMode;
  readonly addedRows: number;
}

/**
 * For each row of a whole history, in order of arrival, the next one that corrects it: a later row with the same key and
 * event time that came by an upsert. A row without its whole key corrects nothing and is never corrected.
 */
export function correctedBy(identity: readonly Column[], newestFirst: readonly Addition[]): Int32Array {
  const { codes, size } = RowKeys.of(identity);
  const corrects = correcting(codes.length, newestFirst);
  const next = new Int32Array(size).fill(NOT_CORRECTED);
  const corrected = new Int32Array(codes.length).fill(NOT_CORRECTED);
  for (let row = codes.length - 1; row >= 0; row--) {
    const code = codes[row]!;
    if (code === NO_KEY) continue;
    corrected[row] = next[code]!;
    if (corrects[row] === 1) next[code] = row;
  }
  return corrected;
}

/** 1 for the rows that an upsert brought. */
function correcting(rows: number, newestFirst: readonly Addition[]): Uint8Array {
  const corrects = new Uint8Array(rows);
  let end = rows;
  for (const { mode, addedRows } of newestFirst) {
    const start = Math.max(0, end - addedRows);
    if (mode === 'upsert') corrects.fill(1, start, end);
    end = start;
    if (end === 0) break;
  }
  return corrects;
}
