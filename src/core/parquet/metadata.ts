import type { ColumnSchema, ColumnType } from '../../shared/table/column.ts';
import { CompactWriter } from './compact-protocol.ts';
import type { EncodedRows } from './encode-column.ts';

/** Numbers of parquet.thrift (Apache Parquet format 2.11). */
const PHYSICAL: Readonly<Record<ColumnType, number>> = {
  bool: 0,
  date: 1,
  int64: 2,
  timestamp: 2,
  float64: 5,
  string: 6,
};
/** The older form of the logical types, for readers that know no other. */
const CONVERTED: Readonly<Partial<Record<ColumnType, number>>> = { string: 0, date: 6, timestamp: 10 };
const ENCODINGS = { plain: 0, rle: 3, delta: 5, dictionary: 8 } as const;
const ZSTD = 6;
const PAGES = { dictionary: 2, dataV2: 3 } as const;
const OPTIONAL = 1;

export interface ChunkPlace {
  readonly rows: number;
  readonly nulls: number;
  readonly range: EncodedRows['range'];
  readonly encoding: EncodedRows['encoding'];
  /** Where in the file the first page starts; null without a dictionary. */
  readonly dictionaryOffset: number | null;
  readonly dataOffset: number;
  /** Both with the pages' headers. */
  readonly storedBytes: number;
  readonly plainBytes: number;
}

export interface GroupPlace {
  readonly rows: number;
  /** One a column, in their order. */
  readonly chunks: readonly ChunkPlace[];
}

export function dictionaryHeader(entries: number, plainBytes: number, storedBytes: number): Uint8Array {
  const writer = new CompactWriter();
  writer.i32(1, PAGES.dictionary);
  writer.i32(2, plainBytes);
  writer.i32(3, storedBytes);
  writer.struct(7, (page) => {
    page.i32(1, entries);
    page.i32(2, ENCODINGS.plain);
  });
  return writer.finish();
}

/** @param storedBytes of the values as they are written: compressed, if `compressed`. */
export function dataHeader(encoded: EncodedRows, storedBytes: number, compressed: boolean): Uint8Array {
  const writer = new CompactWriter();
  writer.i32(1, PAGES.dataV2);
  writer.i32(2, encoded.levels.length + encoded.values.length);
  writer.i32(3, encoded.levels.length + storedBytes);
  writer.struct(8, (page) => {
    page.i32(1, encoded.rows);
    page.i32(2, encoded.nulls);
    page.i32(3, encoded.rows);
    page.i32(4, ENCODINGS[encoded.encoding]);
    page.i32(5, encoded.levels.length);
    page.i32(6, 0);
    page.bool(7, compressed);
  });
  return writer.finish();
}

/** The file's last structure: what it holds and where. */
export function fileFooter(
  columns: readonly ColumnSchema[],
  groups: readonly GroupPlace[],
  createdBy: string,
): Uint8Array {
  const writer = new CompactWriter();
  writer.i32(1, 2);
  writer.structs(2, [null, ...columns], (element, column) => {
    if (column === null) {
      element.text(4, 'schema');
      element.i32(5, columns.length);
    } else {
      writeSchema(element, column);
    }
  });
  writer.i64(
    3,
    groups.reduce((sum, { rows }) => sum + rows, 0),
  );
  writer.structs(4, groups, (element, group) => writeGroup(element, group, columns));
  writer.text(6, createdBy);
  writer.structs(7, columns, (order) => order.struct(1, () => undefined));
  return writer.finish();
}

function writeSchema(element: CompactWriter, { name, type }: ColumnSchema): void {
  element.i32(1, PHYSICAL[type]);
  element.i32(3, OPTIONAL);
  element.text(4, name);
  const converted = CONVERTED[type];
  if (converted === undefined) return;
  element.i32(6, converted);
  element.struct(10, (logical) => {
    if (type === 'string') logical.struct(1, () => undefined);
    if (type === 'date') logical.struct(6, () => undefined);
    if (type === 'timestamp') {
      logical.struct(8, (timestamp) => {
        // Every time here is an instant: readers must not take it for the time on a clock of no place.
        timestamp.bool(1, true);
        timestamp.struct(2, (unit) => unit.struct(2, () => undefined));
      });
    }
  });
}

function writeGroup(
  writer: CompactWriter,
  { rows, chunks }: GroupPlace,
  columns: readonly ColumnSchema[],
): void {
  const [first] = chunks;
  const placed = chunks.map((chunk, index) => ({ ...columns[index]!, ...chunk }));
  writer.structs(1, placed, writeChunk);
  writer.i64(
    2,
    chunks.reduce((sum, { plainBytes }) => sum + plainBytes, 0),
  );
  writer.i64(3, rows);
  if (first !== undefined) writer.i64(5, first.dictionaryOffset ?? first.dataOffset);
  writer.i64(
    6,
    chunks.reduce((sum, { storedBytes }) => sum + storedBytes, 0),
  );
}

function writeChunk(writer: CompactWriter, chunk: ColumnSchema & ChunkPlace): void {
  const { name, type, range } = chunk;
  writer.i64(2, 0);
  writer.struct(3, (meta) => {
    meta.i32(1, PHYSICAL[type]);
    // A dictionary is plain itself, and presence is always run-length encoded.
    const used = chunk.encoding === 'dictionary' ? (['dictionary', 'plain'] as const) : [chunk.encoding];
    meta.i32s(2, [...used.map((encoding) => ENCODINGS[encoding]), ENCODINGS.rle]);
    meta.texts(3, [name]);
    meta.i32(4, ZSTD);
    meta.i64(5, chunk.rows);
    meta.i64(6, chunk.plainBytes);
    meta.i64(7, chunk.storedBytes);
    meta.i64(9, chunk.dataOffset);
    if (chunk.dictionaryOffset !== null) meta.i64(11, chunk.dictionaryOffset);
    meta.struct(12, (statistics) => {
      statistics.i64(3, chunk.nulls);
      if (range === null) return;
      statistics.binary(5, range.max);
      statistics.binary(6, range.min);
    });
  });
}
