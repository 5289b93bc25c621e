import { profileColumn } from '../../numerics/profile/index.ts';
import type { ChangedRoom, ColumnProfile, Dataset, ImportInput } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { type ColumnSchema, cellToJson, type Table } from '../../shared/table/column.ts';
import type { AuditLog } from '../audit/index.ts';
import type { JobContext } from '../jobs/index.ts';
import type { BlobStore, Store } from '../store/index.ts';
import { DatasetTable, type StoredDataset, toPublic } from './dataset-table.ts';
import { type StagedImport, sourceName, stageImport } from './import-files.ts';
import { assertOutputFile } from './output-file.ts';
import { tableFormat } from './reader/foreign-file.ts';
import { openSegment, type SegmentReader } from './segment/reader.ts';
import { type FileFormat, writeTableFile } from './table-file.ts';
import { rowsWithin } from './table-rows.ts';

export interface DataRoomOptions {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly audit: AuditLog;
  readonly notify: (room: ChangedRoom) => void;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
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
}

export interface Rows {
  readonly columns: ColumnSchema[];
  readonly rows: (string | number | boolean | null)[][];
  readonly totalRows: number;
}

const owner = (dataset: { name: string; version: number }): string =>
  `data/${dataset.name}/${dataset.version}`;

/** Datasets: imported once, kept as encrypted columnar segments, never changed; a new import is a new version. */
export class DataRoom {
  readonly #options: DataRoomOptions;
  readonly #table: DatasetTable;

  constructor(options: DataRoomOptions) {
    this.#options = options;
    this.#table = new DatasetTable(options.store);
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

  /** Rows `offset` to `offset + limit` of the newest version; reads only the row groups they lie in. */
  async preview(input: { name: string; offset?: number; limit?: number }): Promise<Rows> {
    const dataset = this.#table.get(input.name);
    const first = Math.min(input.offset ?? 0, dataset.rows);
    const count = Math.min(input.limit ?? 100, dataset.rows - first);
    const segment = await this.#segment(dataset);
    const { groups, firstRow } = segment.groupsOfRows({ first, count });
    const table = await segment.table(undefined, groups);
    const rows = Array.from({ length: count }, (_, row) =>
      table.columns.map((column) => cellToJson(column, first - firstRow + row)),
    );
    return { columns: dataset.columns, rows, totalRows: dataset.rows };
  }

  /** Statistics of every column of the newest version; computed on first use and kept. */
  async profile(input: { name: string }): Promise<ColumnProfile[]> {
    const dataset = this.#table.get(input.name);
    const kept = this.#table.profile(dataset.name, dataset.version);
    if (kept !== null) return kept;
    const segment = await this.#segment(dataset);
    const profile: ColumnProfile[] = [];
    for (const { name } of dataset.columns) {
      const table = await segment.table([name]);
      profile.push(profileColumn(table.columns[0]!));
    }
    this.#table.setProfile(dataset.name, dataset.version, profile);
    return profile;
  }

  /**
   * Imports files as the next version of the dataset. The same content under the same description gives the version that
   * is there. Nothing is kept of an import that fails, is cancelled or is killed.
   */
  async import(
    context: Pick<JobContext, 'signal' | 'progress' | 'log'>,
    input: ImportInput,
  ): Promise<Dataset> {
    const staged = await stageImport(this.#options.blobs, input, context);
    const dataset = this.#keep(input, staged);
    this.#options.notify('data');
    return toPublic(dataset);
  }

  #keep(input: ImportInput, { staged, summary, schema }: StagedImport): StoredDataset {
    const { store, blobs, audit, clock } = this.#options;
    const importedAtMs = clock();
    const newest = this.#table.find(input.name);
    const dataset: StoredDataset = {
      name: input.name,
      version: this.#table.nextVersion(input.name),
      rows: summary.rows,
      columns: schema.map(({ name, type }) => ({ name, type })),
      eventTime: input.eventTime ?? null,
      knownTime: input.knownTime ?? null,
      labels: input.labels,
      purposes: input.purposes,
      source: sourceName(input.files),
      digest: summary.digest,
      sizeBytes: staged.storedBytes,
      importedAt: new Date(importedAtMs).toISOString(),
      blobId: staged.id,
      directoryOffset: summary.directoryOffset,
      directoryBytes: summary.directoryBytes,
    };
    if (newest !== undefined && describes(newest) === describes(dataset)) {
      blobs.discard(staged);
      return newest;
    }
    try {
      store.transaction(() => {
        blobs.adopt(staged, owner(dataset));
        this.#table.insert(dataset, importedAtMs);
        audit.append({
          action: 'data.import',
          object: `data/${dataset.name}`,
          details: {
            version: dataset.version,
            rows: dataset.rows,
            columns: dataset.columns.length,
            digest: dataset.digest,
            labels: dataset.labels.join(','),
            purposes: dataset.purposes.join(','),
          },
        });
      });
    } catch (error) {
      blobs.discard(staged);
      throw error;
    }
    return dataset;
  }

  /** Loads a selection into memory. With a time range only the row groups that may hold such rows are read. */
  async load(selection: Selection): Promise<Table> {
    const dataset = this.#table.get(selection.name, selection.version);
    const segment = await this.#segment(dataset);
    const names = selection.columns ?? dataset.columns.map((column) => column.name);
    if (selection.from === undefined && selection.to === undefined) return segment.table(names);
    const { eventTime } = dataset;
    if (eventTime === null) {
      throw new FalajError('BAD_INPUT', `Dataset "${dataset.name}" has no event time to select by.`, {
        hint: 'Import it again with an event time.',
      });
    }
    const from = selection.from ?? Number.NEGATIVE_INFINITY;
    const to = selection.to ?? Number.POSITIVE_INFINITY;
    const groups = segment.groupsWithin(eventTime, from, to);
    const loaded = await segment.table(names.includes(eventTime) ? names : [...names, eventTime], groups);
    return rowsWithin(loaded, eventTime, { from, to }, names);
  }

  /** Writes the newest version in the clear to a path that the person chose. */
  async export(
    context: Pick<JobContext, 'signal' | 'progress' | 'log'>,
    input: { name: string; file: string; format?: FileFormat | undefined },
  ): Promise<{ file: string; rows: number }> {
    const { store, audit } = this.#options;
    const dataset = this.#table.get(input.name);
    const format = exportFormat(input.file, input.format);
    await assertOutputFile(input.file);
    // Recorded before the first byte leaves: an export that cannot be recorded does not happen.
    store.transaction(() => {
      audit.append({
        action: 'data.export',
        object: `data/${dataset.name}`,
        details: { version: dataset.version, rows: dataset.rows, format },
      });
    });
    const table = await (await this.#segment(dataset)).table();
    await writeTableFile(table, input.file, format, {
      signal: context.signal,
      onProgress: (rows) =>
        context.progress({ step: 'export', fraction: rows / dataset.rows, done: rows, unit: 'rows' }),
    });
    return { file: input.file, rows: dataset.rows };
  }

  /** Removes the dataset with all its versions. */
  remove(input: { name: string }): { removed: true } {
    const { store, blobs, audit, notify } = this.#options;
    this.#table.get(input.name);
    const versions = this.#table.versions(input.name);
    store.transaction(() => {
      for (const version of versions) blobs.release(version.blobId, owner(version));
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

  #segment(dataset: StoredDataset): Promise<SegmentReader> {
    return openSegment((offset, length) => this.#options.blobs.readRange(dataset.blobId, offset, length), {
      offset: dataset.directoryOffset,
      bytes: dataset.directoryBytes,
    });
  }
}

/** Everything that makes a version what it is, without when and from where it came. */
const describes = (dataset: StoredDataset): string =>
  JSON.stringify([
    dataset.digest,
    dataset.columns,
    dataset.eventTime,
    dataset.knownTime,
    dataset.labels,
    dataset.purposes,
  ]);

function exportFormat(file: string, said?: FileFormat): FileFormat {
  const format = said ?? tableFormat(file);
  if (format !== 'arrow') return format;
  throw new FalajError('UNSUPPORTED_FORMAT', 'Tables cannot be written as Arrow yet.', {
    hint: 'Choose Parquet.',
  });
}
