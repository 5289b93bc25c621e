import { FalajError } from '../../shared/errors.ts';
import { nearestHint } from '../../shared/nearest-name.ts';
import type { Store } from '../store/index.ts';

export interface NameRow {
  readonly name: string;
  readonly last_version: number;
  readonly created_at: number;
  readonly updated_at: number;
  readonly description: string;
}

/** The rows of models, which are names with versions under them; a name may have none yet. */
export class NameTable {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The model changed last first. */
  all(): NameRow[] {
    return this.#store
      .statement<NameRow>(`SELECT * FROM registry_model ORDER BY updated_at DESC, name`)
      .all();
  }

  find(name: string): NameRow | undefined {
    return this.#store.statement<NameRow>(`SELECT * FROM registry_model WHERE name = ?`).get(name);
  }

  /** Throws NOT_FOUND with the nearest name. */
  get(name: string): NameRow {
    const row = this.find(name);
    if (row) return row;
    const known = this.#store.statement<{ name: string }>(`SELECT name FROM registry_model`).all();
    throw new FalajError('NOT_FOUND', `There is no model ${name}.`, {
      hint: nearestHint(
        name,
        known.map((model) => model.name),
        'See `falaj models ls`.',
      ),
    });
  }

  /** The number that the model's next version has. Numbers are never given twice, not even after the model was removed. */
  nextVersion(name: string): number {
    return (this.find(name)?.last_version ?? this.#retired(name)) + 1;
  }

  insert(name: string, description: string, atMs: number): void {
    this.#store
      .statement(
        `INSERT INTO registry_model (name, last_version, created_at, updated_at, description) VALUES (?, ?, ?, ?, ?)`,
      )
      .run(name, this.#retired(name), atMs, atMs, description);
  }

  /** The model has a version of this number now; it is made if there is none of that name. */
  reach(name: string, version: number, atMs: number): void {
    this.#store
      .statement(
        `INSERT INTO registry_model (name, last_version, created_at, updated_at) VALUES (?, ?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET last_version = excluded.last_version, updated_at = excluded.updated_at`,
      )
      .run(name, version, atMs, atMs);
  }

  rename(row: NameRow, newName: string, atMs: number): void {
    this.#retire(row);
    this.#store
      .statement(`UPDATE registry_model SET name = ?, last_version = ?, updated_at = ? WHERE name = ?`)
      .run(newName, this.#retired(newName), atMs, row.name);
  }

  remove(row: NameRow): void {
    this.#retire(row);
    this.#store.statement(`DELETE FROM registry_model WHERE name = ?`).run(row.name);
  }

  describe(name: string, description: string, atMs: number): void {
    this.#store
      .statement(`UPDATE registry_model SET description = ?, updated_at = ? WHERE name = ?`)
      .run(description, atMs, name);
  }

  touch(name: string, atMs: number): void {
    this.#store.statement(`UPDATE registry_model SET updated_at = ? WHERE name = ?`).run(atMs, name);
  }

  #retired(name: string): number {
    const row = this.#store
      .statement<{ last_version: number }>(`SELECT last_version FROM registry_retired WHERE name = ?`)
      .get(name);
    return row?.last_version ?? 0;
  }

  #retire({ name, last_version: lastVersion }: NameRow): void {
    this.#store
      .statement(
        `INSERT INTO registry_retired (name, last_version) VALUES (?, ?)
         ON CONFLICT (name) DO UPDATE SET last_version = excluded.last_version`,
      )
      .run(name, lastVersion);
  }
}
