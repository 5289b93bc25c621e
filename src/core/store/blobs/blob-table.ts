import type { RoomMigrations } from '../migrations.ts';
import type { Store } from '../store.ts';

export const storeMigrations: RoomMigrations = {
  room: 'store',
  steps: [
    `CREATE TABLE blob (
       id TEXT PRIMARY KEY,
       sha256 TEXT NOT NULL,
       size_bytes INTEGER NOT NULL,
       stored_bytes INTEGER NOT NULL,
       file_id BLOB NOT NULL,
       data_key BLOB NOT NULL
     ) STRICT, WITHOUT ROWID;
     CREATE TABLE blob_owner (
       blob TEXT NOT NULL REFERENCES blob (id),
       owner TEXT NOT NULL,
       PRIMARY KEY (blob, owner)
     ) STRICT, WITHOUT ROWID;`,
  ],
};

/** What is known of a blob. `data_key` is wrapped; `file_id` names the sealed file that it opens. */
export interface BlobRow {
  readonly id: string;
  readonly sha256: string;
  readonly size_bytes: number;
  readonly stored_bytes: number;
  readonly file_id: Buffer;
  readonly data_key: Buffer;
}

export class BlobTable {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  get(id: string): BlobRow | undefined {
    return this.#store.statement<BlobRow>('SELECT * FROM blob WHERE id = ?').get(id);
  }

  put(row: BlobRow): void {
    this.#store
      .statement(
        `INSERT INTO blob (id, sha256, size_bytes, stored_bytes, file_id, data_key) VALUES (?, ?, ?, ?, ?, ?)
         ON CONFLICT (id) DO UPDATE SET stored_bytes = excluded.stored_bytes, file_id = excluded.file_id, data_key = excluded.data_key`,
      )
      .run(row.id, row.sha256, row.size_bytes, row.stored_bytes, row.file_id, row.data_key);
  }

  addOwner(id: string, owner: string): void {
    this.#store
      .statement('INSERT INTO blob_owner (blob, owner) VALUES (?, ?) ON CONFLICT DO NOTHING')
      .run(id, owner);
  }

  /** True when nobody is left who owns the blob; its row is then gone too. */
  removeOwner(id: string, owner: string): boolean {
    this.#store.statement('DELETE FROM blob_owner WHERE blob = ? AND owner = ?').run(id, owner);
    return (
      this.#store
        .statement('DELETE FROM blob WHERE id = ? AND NOT EXISTS (SELECT 1 FROM blob_owner WHERE blob = id)')
        .run(id).changes > 0
    );
  }

  all(): IterableIterator<Pick<BlobRow, 'id' | 'stored_bytes'>> {
    return this.#store
      .statement<Pick<BlobRow, 'id' | 'stored_bytes'>>('SELECT id, stored_bytes FROM blob ORDER BY id')
      .iterate();
  }

  usage(): { blobs: number; bytes: number } {
    return this.#store
      .statement<{ blobs: number; bytes: number }>(
        'SELECT count(*) AS blobs, coalesce(sum(stored_bytes), 0) AS bytes FROM blob',
      )
      .get()!;
  }
}
