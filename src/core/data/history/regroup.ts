import type { ColumnSchema } from '../../../shared/table/column.ts';
import { ContentDigest } from '../segment/content-digest.ts';
import { encodeValues } from '../segment/encoding.ts';
import { groupRows } from '../segment/group-rows.ts';
import type { RowGroup } from '../segment/writer.ts';
import { ColumnGatherer, type Picked } from './column-gatherer.ts';
import type { OpenPart } from './part-reader.ts';

/**
 * The rows of several parts cut into the row groups that one import of them would have made. A group's arrays are valid
 * until the next is asked for; memory is bounded by a group and the dictionaries of text.
 */
export async function* regroup(
  parts: readonly OpenPart[],
  schema: readonly ColumnSchema[],
  options: { readonly withSuperseded: boolean; readonly signal?: AbortSignal | undefined },
): AsyncGenerator<RowGroup> {
  const capacity = groupRows(schema.length);
  const gatherers = schema.map((column) => new ColumnGatherer(column, capacity));
  const names = schema.map(({ name }) => name);
  let collected = 0;
  const take = (): RowGroup => {
    const group = { rows: collected, columns: gatherers.map((gatherer) => gatherer.take()) };
    collected = 0;
    return group;
  };
  for (const { segment, mask } of parts) {
    for (const gatherer of gatherers) gatherer.startPart();
    let firstRow = 0;
    for await (const group of segment.rowGroups(names)) {
      options.signal?.throwIfAborted();
      gatherers.forEach((gatherer, index) => {
        gatherer.addTexts(group.columns[index]!.fresh);
      });
      const superseded =
        options.withSuperseded || mask === null ? null : mask.subarray(firstRow, firstRow + group.rows);
      const rows = pick(group.rows, superseded);
      firstRow += group.rows;
      for (let from = 0; from < rows.length; ) {
        const picked: Picked = { rows, from, count: Math.min(rows.length - from, capacity - collected) };
        gatherers.forEach((gatherer, index) => {
          gatherer.add(group.columns[index]!, picked);
        });
        from += picked.count;
        collected += picked.count;
        if (collected === capacity) yield take();
      }
    }
  }
  if (collected > 0) yield take();
}

function pick(count: number, superseded: Uint8Array | null): Uint32Array {
  const rows = new Uint32Array(count);
  let taken = 0;
  for (let row = 0; row < count; row++) if (superseded === null || superseded[row] === 0) rows[taken++] = row;
  return rows.subarray(0, taken);
}

/** The digest that one import of the rows would have. */
export async function digestOfGroups(
  schema: readonly ColumnSchema[],
  groups: AsyncIterable<RowGroup>,
): Promise<string> {
  const digest = new ContentDigest(schema);
  for await (const { rows, columns } of groups) {
    digest.add(
      rows,
      columns.map(({ values, validity, fresh }, index) => ({
        encoded: encodeValues(schema[index]!.type, values, validity),
        validity,
        fresh,
      })),
    );
  }
  return digest.finish();
}
