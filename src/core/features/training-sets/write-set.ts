import type { Table } from '../../../shared/table/column.ts';
import type { AuditLog } from '../../audit/index.ts';
import { type StagedFile, stageTableFile, tableFormat } from '../../data/index.ts';
import type { Store } from '../../store/index.ts';
import type { BuiltSet } from './describe-set.ts';

export interface Records {
  readonly store: Store;
  readonly audit: AuditLog;
}

/** Puts on record that a set leaves in the clear; before its first byte does. */
export function recordSet(
  { store, audit }: Records,
  set: { readonly rows: number; readonly columns: number },
  { object, format }: { readonly object: string; readonly format: string },
): void {
  store.transaction(() =>
    audit.append({
      action: 'features.historical',
      object,
      details: { rows: set.rows, columns: set.columns, format },
    }),
  );
}

/** How many rows, and how many features each has. */
export const sizeOf = ({ spine, joined }: BuiltSet): { rows: number; columns: number } => ({
  rows: spine.rows,
  columns: joined.length,
});

/** The rows with their features. */
export const setTable = ({ spine, joined }: BuiltSet): Table => ({
  rows: spine.rows,
  columns: [...spine.columns, ...joined],
});

export interface SetTarget {
  readonly file: string;
  readonly object: string;
  readonly signal: AbortSignal;
}

/** Writes a set beside its place, in the clear; it is on record before. */
export function stageWholeSet(
  records: Records,
  set: BuiltSet,
  { file, object, signal }: SetTarget,
): Promise<StagedFile> {
  const format = tableFormat(file);
  recordSet(records, sizeOf(set), { object, format });
  return stageTableFile(setTable(set), file, format, { signal });
}
