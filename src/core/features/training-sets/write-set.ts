import type { AuditLog } from '../../audit/index.ts';
import { tableFormat, writeTableFile } from '../../data/index.ts';
import type { Store } from '../../store/index.ts';
import type { BuiltSet } from './describe-set.ts';

/** Writes a set in the clear to a path that a person chose: on record before the first byte leaves. */
export async function writeSet(
  { store, audit }: { readonly store: Store; readonly audit: AuditLog },
  set: BuiltSet,
  target: { readonly file: string; readonly object: string; readonly signal: AbortSignal },
): Promise<void> {
  const { file, object, signal } = target;
  const { rows, columns } = set.spine;
  const format = tableFormat(file);
  store.transaction(() =>
    audit.append({
      action: 'features.historical',
      object,
      details: { rows, columns: set.joined.length, format },
    }),
  );
  await writeTableFile({ rows, columns: [...columns, ...set.joined] }, file, format, { signal });
}
