import type { ColumnSchema, Table } from '../../../shared/table/column.ts';
import type { BlobStore, StagedBlob } from '../../store/index.ts';
import type { SegmentPlace } from '../history/part.ts';
import { openSegment } from './reader.ts';
import { type RowGroup, SegmentWriter } from './writer.ts';

export interface WrittenSegment {
  /** To be adopted in the transaction that refers to it. */
  readonly staged: StagedBlob;
  readonly place: SegmentPlace;
}

/** A table in memory as a segment of one row group, in a blob. */
export async function writeTableSegment(
  blobs: Pick<BlobStore, 'write'>,
  table: Table,
  options: { readonly signal?: AbortSignal } = {},
): Promise<WrittenSegment> {
  const schema = table.columns.map(({ name, type }): ColumnSchema => ({ name, type }));
  const writer = new SegmentWriter(schema);
  const staged = await blobs.write(writer.bytes(oneGroup(table)), options);
  const { directoryOffset, directoryBytes } = writer.summary;
  return { staged, place: { blobId: staged.id, directoryOffset, directoryBytes } };
}

/** The named columns of a segment. */
export async function readTableSegment(
  blobs: Pick<BlobStore, 'readPieces'>,
  { blobId, directoryOffset, directoryBytes }: SegmentPlace,
  names: readonly string[],
): Promise<Table> {
  const segment = await openSegment((offset, length) => blobs.readPieces(blobId, offset, length), {
    offset: directoryOffset,
    bytes: directoryBytes,
  });
  return segment.table(names);
}

async function* oneGroup({ rows, columns }: Table): AsyncGenerator<RowGroup> {
  yield {
    rows,
    columns: columns.map((column) => ({
      values: column.values,
      validity: column.validity,
      fresh: column.type === 'string' ? column.dictionary : [],
    })),
  };
}
