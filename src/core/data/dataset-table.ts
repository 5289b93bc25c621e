import { z } from 'zod';
import { columnSchemaSchema } from '../../shared/contract/common.ts';
import { columnProfile, importMode } from '../../shared/contract/data.ts';
import type { ColumnProfile, Dataset, DatasetPart } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { nearestHint } from '../../shared/nearest-name.ts';
import type { Store } from '../store/index.ts';
import type { Part, StoredPart, VersionPart } from './history/part.ts';
import { PartTable } from './part-table.ts';

/** A version of a dataset with where its rows lie. */
export interface StoredDataset<P extends Part = StoredPart> extends Omit<Dataset, 'parts'> {
  readonly parts: readonly VersionPart<P>[];
}

/** The owner under which a version holds its blobs. */
export const ownerOf = (dataset: { readonly name: string; readonly version: number }): string =>
  `data/${dataset.name}/${dataset.version}`;

interface VersionRow {
  readonly name: string;
  readonly version: number;
  readonly rows: number;
  readonly columns: string;
  readonly event_time: string | null;
  readonly known_time: string | null;
  readonly labels: string;
  readonly purposes: string;
  readonly source: string;
  readonly digest: string;
  readonly keys: string;
  readonly mode: string;
  readonly added_rows: number;
  readonly stored_bytes: number;
  readonly imported_at: number;
  readonly profile: string | null;
}

const columnsSchema = z.array(columnSchemaSchema);
const textsSchema = z.array(z.string());
const profileSchema = z.array(columnProfile);

/** The rows of the data room's tables; no rules. */
export class DatasetTable {
  readonly #store: Store;
  readonly #parts: PartTable;

  constructor(store: Store) {
    this.#store = store;
    this.#parts = new PartTable(store);
  }

  /** The newest version of every dataset, by name. */
  newest(): StoredDataset[] {
    return this.#store
      .statement<VersionRow>(
        `SELECT v.* FROM data_version v
         JOIN (SELECT name, max(version) AS version FROM data_version GROUP BY name) n USING (name, version)
         ORDER BY name`,
      )
      .all()
      .map((row) => this.#dataset(row));
  }

  /** Newest first; empty for an unknown name. */
  versions(name: string): StoredDataset[] {
    return this.#store
      .statement<VersionRow>('SELECT * FROM data_version WHERE name = ? ORDER BY version DESC')
      .all(name)
      .map((row) => this.#dataset(row));
  }

  find(name: string, version?: number): StoredDataset | undefined {
    const row = this.#store
      .statement<VersionRow>(
        `SELECT * FROM data_version WHERE name = ? AND version = coalesce(?, version) ORDER BY version DESC LIMIT 1`,
      )
      .get(name, version ?? null);
    return row === undefined ? undefined : this.#dataset(row);
  }

  get(name: string, version?: number): StoredDataset {
    const dataset = this.find(name, version);
    if (dataset !== undefined) return dataset;
    if (version !== undefined && this.find(name) !== undefined) {
      throw new FalajError('NOT_FOUND', `There is no version ${version} of dataset "${name}".`, {
        hint: `Leave the version out for the newest, or see: falaj data show ${name}`,
        details: { name },
      });
    }
    throw new FalajError('NOT_FOUND', `There is no dataset "${name}".`, {
      hint: nearestHint(
        name,
        this.newest().map((known) => known.name),
        'falaj data ls lists the datasets.',
      ),
      details: { name },
    });
  }

  nextVersion(name: string): number {
    const row = this.#store
      .statement<{ last_version: number }>('SELECT last_version FROM data_name WHERE name = ?')
      .get(name);
    return (row?.last_version ?? 0) + 1;
  }

  /** `contents` are the digests of what its import brought, for telling later that it is there already. */
  insert(dataset: StoredDataset<Part>, importedAtMs: number, contents: readonly string[]): void {
    const { name, version } = dataset;
    this.#store
      .statement(
        `INSERT INTO data_name (name, last_version) VALUES (?, ?)
         ON CONFLICT (name) DO UPDATE SET last_version = excluded.last_version`,
      )
      .run(name, version);
    this.#store
      .statement(
        `INSERT INTO data_version (name, version, rows, columns, event_time, known_time, keys, labels, purposes, source, digest,
           stored_bytes, imported_at, mode, added_rows) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)`,
      )
      .run(
        name,
        version,
        dataset.rows,
        JSON.stringify(dataset.columns),
        dataset.eventTime,
        dataset.knownTime,
        JSON.stringify(dataset.keys),
        JSON.stringify(dataset.labels),
        JSON.stringify(dataset.purposes),
        dataset.source,
        dataset.digest,
        dataset.sizeBytes,
        importedAtMs,
        dataset.mode,
        dataset.addedRows,
      );
    this.#parts.insert(name, version, dataset.parts);
    for (const digest of contents)
      this.#store
        .statement('INSERT INTO data_content VALUES (?, ?, ?) ON CONFLICT DO NOTHING')
        .run(name, version, digest);
  }

  /** The version since the last replacement whose import brought these rows. */
  versionOfContent(name: string, digest: string): number | null {
    const row = this.#store
      .statement<{ version: number | null }>(
        `SELECT min(version) AS version FROM data_content WHERE name = ? AND digest = ?
           AND version >= coalesce((SELECT max(version) FROM data_version WHERE name = ? AND mode = 'replace'), 0)`,
      )
      .get(name, digest, name);
    return row?.version ?? null;
  }

  remove(name: string): void {
    this.#store.statement('DELETE FROM data_version WHERE name = ?').run(name);
    this.#parts.removeUnused();
  }

  profile(name: string, version: number): ColumnProfile[] | null {
    const row = this.#store
      .statement<{ profile: string | null }>(
        'SELECT profile FROM data_version WHERE name = ? AND version = ?',
      )
      .get(name, version);
    return row?.profile == null ? null : profileSchema.parse(JSON.parse(row.profile));
  }

  setProfile(name: string, version: number, profile: readonly ColumnProfile[]): void {
    this.#store
      .statement('UPDATE data_version SET profile = ? WHERE name = ? AND version = ?')
      .run(JSON.stringify(profile), name, version);
  }

  #dataset(row: VersionRow): StoredDataset {
    return {
      name: row.name,
      version: row.version,
      rows: row.rows,
      columns: columnsSchema.parse(JSON.parse(row.columns)),
      eventTime: row.event_time,
      knownTime: row.known_time,
      keys: textsSchema.parse(JSON.parse(row.keys)),
      mode: importMode.parse(row.mode),
      addedRows: row.added_rows,
      parts: this.#parts.of(row.name, row.version),
      labels: textsSchema.parse(JSON.parse(row.labels)),
      purposes: textsSchema.parse(JSON.parse(row.purposes)),
      source: row.source,
      digest: row.digest,
      sizeBytes: row.stored_bytes,
      importedAt: new Date(row.imported_at).toISOString(),
    };
  }
}

/** What leaves the room. */
export const toPublic = (dataset: StoredDataset): Dataset => ({
  ...dataset,
  parts: dataset.parts.map(publicPart),
});

const publicPart = ({ part, supersededRows }: VersionPart): DatasetPart => ({
  rows: part.rows,
  supersededRows,
  digest: part.digest,
  sizeBytes: part.storedBytes,
  source: part.source,
  importedAt: new Date(part.arrivals.at(-1)!.importedAtMs).toISOString(),
});
