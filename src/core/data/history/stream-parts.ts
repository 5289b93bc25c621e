import type { ColumnSchema, Table } from '../../../shared/table/column.ts';
import { takeRows } from '../../../shared/table/take-rows.ts';
import type { BlobStore } from '../../store/index.ts';
import type { VersionPart } from './part.ts';
import { openPart } from './part-reader.ts';
import { currentRows } from './superseded-mask.ts';

/** Current rows `first` to `first + count` of a version, one row group in memory at a time. */
export async function* streamParts(
  blobs: Pick<BlobStore, 'readPieces' | 'readAll'>,
  parts: readonly VersionPart[],
  columns: readonly ColumnSchema[],
  { first, count }: { readonly first: number; readonly count: number },
): AsyncGenerator<Table> {
  const names = columns.map(({ name }) => name);
  let skip = first;
  let wanted = count;
  for (const versionPart of parts) {
    const current = versionPart.part.rows - versionPart.supersededRows;
    const here = Math.min(wanted, Math.max(0, current - skip));
    if (here > 0) {
      const { segment, mask } = await openPart(blobs, versionPart);
      if (mask === null) yield* segment.tables(names, { first: skip, count: here });
      else yield* positioned(currentRows(mask, skip, here), (range) => segment.tables(names, range));
    }
    wanted -= here;
    skip = Math.max(0, skip - current);
  }
}

/** The rows at ascending positions, out of the stretch that they span. */
async function* positioned(
  positions: Uint32Array,
  read: (range: { first: number; count: number }) => AsyncGenerator<Table>,
): AsyncGenerator<Table> {
  let start = positions[0]!;
  let at = 0;
  for await (const table of read({ first: start, count: positions.at(-1)! - start + 1 })) {
    const end = start + table.rows;
    const from = at;
    while (at < positions.length && positions[at]! < end) at++;
    const origin = start;
    if (at > from)
      yield takeRows(
        table,
        positions.subarray(from, at).map((position) => position - origin),
      );
    start = end;
  }
}
