import type {
  ChangedRoom,
  ColumnHistory,
  ColumnProfile,
  Dataset,
  ImportInput,
  ImportOutcome,
  PeekedTable,
  PeekInput,
} from '../../shared/contract/types.ts';
import type { DatasetDefinition } from '../../shared/definitions/datasets.ts';
import { FalajError } from '../../shared/errors.ts';
import { type ColumnSchema, cellToJson, findColumn, type Table } from '../../shared/table/column.ts';
import type { AuditLog } from '../audit/index.ts';
import type { JobContext } from '../jobs/index.ts';
import type { BlobStore, Store } from '../store/index.ts';
import { DatasetTable, ownerOf, type StoredDataset, toPublic } from './dataset-table.ts';
import type { TableMemory } from './duckdb/logical.ts';
import { correctedBy } from './history/corrected-by.ts';
import { loadParts, openPart, openParts, type TimeRange } from './history/part-reader.ts';
import { streamParts } from './history/stream-parts.ts';
import { currentRows } from './history/superseded-mask.ts';
import { DatasetImporter } from './import/dataset-importer.ts';
import { fromFiles, type ImportContext, type ImportSource } from './import/stage-part.ts';
import { Uploads } from './import/uploads.ts';
import { KeyedTurns } from './keyed-turns.ts';
import { assertOutputFile } from './output-file.ts';
import { type PeekOptions, peekTable } from './peek.ts';
import { profileParts } from './profile-parts.ts';
import { tableFormat } from './reader/foreign-file.ts';
import type { StartReader } from './reader/reader-processes.ts';
import { type FileFormat, type ReadTableOptions, readTableFile, writeTableFile } from './table-file.ts';

export interface DataRoomOptions {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly audit: AuditLog;
  readonly notify: (room: ChangedRoom) => void;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Where the processes that read files come from; each is a new one unless said. */
  readonly startReader?: StartReader;
  /** The applied definition of a dataset; none unless said. */
  readonly definition?: (name: string) => DatasetDefinition | null;
}

/** Which part of a dataset to load into memory. */
export interface Selection {
  readonly name: string;
  /** The newest unless said. */
  readonly version?: number | undefined;
  /** All unless said; in this order. */
  readonly columns?: readonly string[] | undefined;
  /** Event time in microseconds: rows with from <= event time < to. */
  readonly from?: number | undefined;
  readonly to?: number | undefined;
  /** Rows that the version's later rows have corrected as well: the whole history, in order of arrival. */
  readonly withSuperseded?: boolean | undefined;
  /** Where the columns lie: in memory of their own unless said. */
  readonly memory?: TableMemory | undefined;
  /** When each row was imported. */
  readonly withImportTime?: boolean | undefined;
  /** Which row corrects each; the whole history, and so without a time range. */
  readonly withCorrections?: boolean | undefined;
}

/** What to import; a replacement without keys unless said. */
export type ImportRequest = Omit<ImportInput, 'mode' | 'keys'> & Partial<Pick<ImportInput, 'mode' | 'keys'>>;

export interface LoadedTable extends Table {
  /** Microseconds since the epoch per row, where `withImportTime` was said. */
  readonly importedAt?: Float64Array;
  /** The next row that corrects each, or NOT_CORRECTED, where `withCorrections` was said. */
  readonly correctedBy?: Int32Array;
}

/** Rows to hand over as Arrow: all of all columns unless said. */
export interface RowsAsArrow {
  readonly name: string;
  readonly version?: number | undefined;
  readonly columns?: readonly string[] | undefined;
  readonly offset?: number | undefined;
  readonly limit?: number | undefined;
}

export interface Rows {
  readonly columns: ColumnSchema[];
  readonly rows: (string | number | boolean | null)[][];
  readonly totalRows: number;
}

/**
 * Datasets as an append-only history. What was imported is kept as encrypted columnar segments and never changed; a new
 * import is a new version, which may go on with the segments of the one before. A corrected row stays where it is: later
 * versions leave it out of their current rows, older versions show it as it was.
 */
export class DataRoom {
  readonly uploads: Uploads;
  readonly #options: DataRoomOptions;
  readonly #table: DatasetTable;
  readonly #importer: DatasetImporter;
  /** Imports into one dataset wait for each other: each goes on with the version that the one before has made. */
  readonly #imports = new KeyedTurns();

  constructor(options: DataRoomOptions) {
    this.#options = options;
    this.uploads = new Uploads(options.blobs);
    this.#table = new DatasetTable(options.store);
    this.#importer = new DatasetImporter({
      ...options,
      table: this.#table,
      definition: (name) => this.definition({ name }),
    });
  }

  /** What the definition files say of a dataset, whether it has rows yet or not. */
  definition(input: { name: string }): DatasetDefinition | null {
    return this.#options.definition?.(input.name) ?? null;
  }

  /** The newest version of every dataset. */
  list(): Dataset[] {
    return this.#table.newest().map(toPublic);
  }

  get(input: { name: string; version?: number | undefined }): Dataset {
    return toPublic(this.#table.get(input.name, input.version));
  }

  /** Newest first. */
  versions(input: { name: string }): Dataset[] {
    this.#table.get(input.name);
    return this.#table.versions(input.name).map(toPublic);
  }

  /** Rows `offset` to `offset + limit` that are current in a version; reads only the row groups they lie in. */
  async preview(input: {
    name: string;
    version?: number | undefined;
    offset?: number;
    limit?: number;
  }): Promise<Rows> {
    const dataset = this.#table.get(input.name, input.version);
    const rows: Rows['rows'] = [];
    let skip = Math.min(input.offset ?? 0, dataset.rows);
    let wanted = Math.min(input.limit ?? 100, dataset.rows - skip);
    for (const part of dataset.parts) {
      const current = part.part.rows - part.supersededRows;
      const count = Math.min(wanted, Math.max(0, current - skip));
      if (count > 0) rows.push(...(await this.#previewPart(part, dataset.columns, skip, count)));
      wanted -= count;
      skip = Math.max(0, skip - current);
    }
    return { columns: dataset.columns, rows, totalRows: dataset.rows };
  }

  async #previewPart(
    part: StoredDataset['parts'][number],
    columns: readonly ColumnSchema[],
    first: number,
    count: number,
  ): Promise<Rows['rows']> {
    const { segment, mask } = await openPart(this.#options.blobs, part);
    const positions = mask === null ? null : currentRows(mask, first, count);
    const at = (row: number): number => (positions === null ? first + row : positions[row]!);
    const { groups, firstRow } = segment.groupsOfRows({ first: at(0), count: at(count - 1) - at(0) + 1 });
    const table = await segment.table(
      columns.map(({ name }) => name),
      groups,
    );
    return Array.from({ length: count }, (_, row) =>
      table.columns.map((column) => cellToJson(column, at(row) - firstRow)),
    );
  }

  /** Statistics of every column of the newest version; those of a large one are computed on first use and kept. */
  async profile(input: { name: string }): Promise<ColumnProfile[]> {
    return this.#profileOf(this.#table.get(input.name));
  }

  /** A column's statistics in every version that has it, oldest first. */
  async profiles(input: { name: string; column: string }): Promise<ColumnHistory[]> {
    const newest = this.#table.get(input.name);
    columnsNamed(newest, [input.column]);
    const history: ColumnHistory[] = [];
    for (const dataset of this.#table.versions(newest.name).reverse()) {
      if (dataset.columns.every(({ name }) => name !== input.column)) continue;
      const profile = (await this.#profileOf(dataset)).find(({ name }) => name === input.column)!;
      const { rows, nulls, distinct, mean, min, max, quantiles } = profile;
      const { version, importedAt } = dataset;
      history.push({ version, importedAt, rows, nulls, distinct, mean, min, max, quantiles });
    }
    return history;
  }

  async #profileOf(dataset: StoredDataset): Promise<ColumnProfile[]> {
    const kept = this.#table.profile(dataset.name, dataset.version);
    if (kept !== null) return kept;
    const profile = await profileParts(await openParts(this.#options.blobs, dataset.parts), dataset.columns);
    this.#table.setProfile(dataset.name, dataset.version, profile);
    return profile;
  }

  /** What files look like, before anything of them is imported. */
  peek({ files, format }: PeekInput, options: Pick<PeekOptions, 'signal'> = {}): Promise<PeekedTable> {
    return peekTable(files, { format, ...options }, fromFiles(this.#options.startReader));
  }

  /**
   * Imports files as the next version of the dataset. Rows that are there already, under the same description, give the
   * version that is there. Nothing is kept of an import that fails, is cancelled or is killed. With a `source` the rows come
   * from there, and the input's files only name them.
   */
  async import(context: ImportContext, asked: ImportRequest, source?: ImportSource): Promise<ImportOutcome> {
    const input: ImportInput = { mode: 'replace', keys: [], ...asked };
    const { version, alreadyImported } = await this.#imports.take(input.name, () =>
      this.#importer.import(context, input, source),
    );
    if (!alreadyImported) this.#options.notify('data');
    return { ...toPublic(this.#table.get(input.name, version)), alreadyImported };
  }

  /** Loads a selection into memory. With a time range only the row groups that may hold such rows are read. */
  async load(selection: Selection): Promise<LoadedTable> {
    const dataset = this.#table.get(selection.name, selection.version);
    if (selection.withCorrections === true) return this.#loadCorrected(dataset, selection);
    const { table, importedAt } = await loadParts(await openParts(this.#options.blobs, dataset.parts), {
      columns: columnsNamed(dataset, selection.columns ?? dataset.columns.map(({ name }) => name)),
      range: rangeOf(dataset, selection),
      withSuperseded: selection.withSuperseded,
      memory: selection.memory,
    });
    return selection.withImportTime === true ? { ...table, importedAt: importedAt() } : table;
  }

  async #loadCorrected(dataset: StoredDataset, selection: Selection): Promise<LoadedTable> {
    const wanted = columnsNamed(dataset, selection.columns ?? dataset.columns.map(({ name }) => name));
    const identity = columnsNamed(dataset, [...dataset.keys, dataset.eventTime!]);
    const columns = dataset.columns.filter((column) => wanted.includes(column) || identity.includes(column));
    const parts = await openParts(this.#options.blobs, dataset.parts);
    const { table } = await loadParts(parts, { columns, withSuperseded: true });
    const named = (some: readonly ColumnSchema[]) => some.map(({ name }) => findColumn(table, name)!);
    const versions = this.#table.versions(dataset.name).filter(({ version }) => version <= dataset.version);
    return {
      rows: table.rows,
      columns: named(wanted),
      correctedBy: correctedBy(named(identity), versions),
    };
  }

  /** A whole file that is no dataset, as a table in memory: see {@link readTableFile}. */
  readTable(file: string, options: Omit<ReadTableOptions, 'start'> = {}): Promise<Table> {
    return readTableFile(file, { ...options, start: this.#options.startReader });
  }

  /** Writes a version, the newest unless said, in the clear to a path that the person chose. */
  async export(
    context: Pick<JobContext, 'signal' | 'progress' | 'log'>,
    input: { name: string; version?: number | undefined; file: string; format?: FileFormat | undefined },
  ): Promise<{ file: string; rows: number; version: number; digest: string }> {
    const dataset = this.#table.get(input.name, input.version);
    const format = tableFormat(input.file, input.format);
    await assertOutputFile(input.file);
    // Recorded before the first byte leaves: an export that cannot be recorded does not happen.
    this.#recordExport(dataset, format, dataset.rows);
    const table = await this.load({ name: dataset.name, version: dataset.version });
    await writeTableFile(table, input.file, format, {
      signal: context.signal,
      onProgress: (rows) =>
        context.progress({ step: 'export', fraction: rows / dataset.rows, done: rows, unit: 'rows' }),
    });
    const { rows, version, digest } = dataset;
    return { file: input.file, rows, version, digest };
  }

  /**
   * Rows `offset` to `offset + limit` of a version, the newest unless said, as an Arrow stream, one row group in memory at a time. They
   * leave in the clear, so that is recorded before the first byte.
   */
  async arrowStream(input: RowsAsArrow): Promise<AsyncGenerator<Uint8Array>> {
    const dataset = this.#table.get(input.name, input.version);
    const columns = columnsNamed(dataset, input.columns ?? dataset.columns.map(({ name }) => name));
    const first = Math.min(input.offset ?? 0, dataset.rows);
    const count = Math.min(input.limit ?? dataset.rows, dataset.rows - first);
    const { arrowBytes } = await import('./arrow/write-arrow.ts');
    this.#recordExport(dataset, 'arrow', count);
    const tables = streamParts(this.#options.blobs, dataset.parts, columns, { first, count });
    return arrowBytes(columns, tables, 'stream');
  }

  /** Removes the dataset with all its versions. */
  remove(input: { name: string }): { removed: true } {
    const { store, blobs, audit, notify } = this.#options;
    this.#table.get(input.name);
    const versions = this.#table.versions(input.name);
    store.transaction(() => {
      for (const version of versions) {
        for (const { part, supersededBlob } of version.parts) {
          blobs.release(part.blobId, ownerOf(version));
          if (supersededBlob !== null) blobs.release(supersededBlob, ownerOf(version));
        }
      }
      this.#table.remove(input.name);
      audit.append({
        action: 'data.remove',
        object: `data/${input.name}`,
        details: { versions: versions.length },
      });
    });
    notify('data');
    return { removed: true };
  }

  #recordExport(dataset: StoredDataset, format: FileFormat, rows: number): void {
    const { store, audit } = this.#options;
    store.transaction(() => {
      audit.append({
        action: 'data.export',
        object: `data/${dataset.name}`,
        details: { version: dataset.version, rows, format },
      });
    });
  }
}

/** The columns of these names, in their order. */
function columnsNamed(dataset: StoredDataset, names: readonly string[]): ColumnSchema[] {
  return names.map((name) => {
    const column = dataset.columns.find((candidate) => candidate.name === name);
    if (column !== undefined) return column;
    throw new FalajError('UNKNOWN_COLUMN', `There is no column "${name}".`, {
      hint: `The columns are: ${dataset.columns.map((known) => known.name).join(', ')}.`,
      details: { column: name },
    });
  });
}

function rangeOf({ name, eventTime }: StoredDataset, { from, to }: Selection): TimeRange | undefined {
  if (from === undefined && to === undefined) return undefined;
  if (eventTime === null) {
    throw new FalajError('BAD_INPUT', `Dataset "${name}" has no event time to select by.`, {
      hint: 'Import it again with an event time.',
    });
  }
  return {
    column: eventTime,
    from: from ?? Number.NEGATIVE_INFINITY,
    to: to ?? Number.POSITIVE_INFINITY,
  };
}
