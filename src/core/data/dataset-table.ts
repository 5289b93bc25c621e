import { z } from 'zod';
import { columnSchemaSchema } from '../../shared/contract/common.ts';
import { columnProfile } from '../../shared/contract/data.ts';
import type { ColumnProfile, Dataset } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { nearestHint } from '../../shared/nearest-name.ts';
import type { Store } from '../store/index.ts';

/** A version of a dataset with where its rows lie. */
export interface StoredDataset extends Dataset {
  readonly blobId: string;
  readonly directoryOffset: number;
  readonly directoryBytes: number;
}

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
  readonly blob_id: string;
  readonly directory_offset: number;
  readonly directory_bytes: number;
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

  constructor(store: Store) {
    this.#store = store;
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
      .map(toDataset);
  }

  /** Newest first; empty for an unknown name. */
  versions(name: string): StoredDataset[] {
    return this.#store
      .statement<VersionRow>('SELECT * FROM data_version WHERE name = ? ORDER BY version DESC')
      .all(name)
      .map(toDataset);
  }

  find(name: string, version?: number): StoredDataset | undefined {
    const row = this.#store
      .statement<VersionRow>(
        `SELECT * FROM data_version WHERE name = ? AND version = coalesce(?, version) ORDER BY version DESC LIMIT 1`,
      )
      .get(name, version ?? null);
    return row === undefined ? undefined : toDataset(row);
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

  insert(dataset: StoredDataset, importedAtMs: number): void {
    this.#store
      .statement(
        `INSERT INTO data_name (name, last_version) VALUES (?, ?)
         ON CONFLICT (name) DO UPDATE SET last_version = excluded.last_version`,
      )
      .run(dataset.name, dataset.version);
    this.#store
      .statement(`INSERT INTO data_version VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?,NULL)`)
      .run(
        dataset.name,
        dataset.version,
        dataset.rows,
        JSON.stringify(dataset.columns),
        dataset.eventTime,
        dataset.knownTime,
        JSON.stringify(dataset.labels),
        JSON.stringify(dataset.purposes),
        dataset.source,
        dataset.digest,
        dataset.blobId,
        dataset.directoryOffset,
        dataset.directoryBytes,
        dataset.sizeBytes,
        importedAtMs,
      );
  }

  remove(name: string): void {
    this.#store.statement('DELETE FROM data_version WHERE name = ?').run(name);
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
}

const toDataset = (row: VersionRow): StoredDataset => ({
  name: row.name,
  version: row.version,
  rows: row.rows,
  columns: columnsSchema.parse(JSON.parse(row.columns)),
  eventTime: row.event_time,
  knownTime: row.known_time,
  labels: textsSchema.parse(JSON.parse(row.labels)),
  purposes: textsSchema.parse(JSON.parse(row.purposes)),
  source: row.source,
  digest: row.digest,
  sizeBytes: row.stored_bytes,
  importedAt: new Date(row.imported_at).toISOString(),
  blobId: row.blob_id,
  directoryOffset: row.directory_offset,
  directoryBytes: row.directory_bytes,
});

/** What leaves the room. */
export function toPublic(dataset: StoredDataset): Dataset {
  const { blobId: _blob, directoryOffset: _offset, directoryBytes: _bytes, ...shown } = dataset;
  return shown;
}
