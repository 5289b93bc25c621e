import type { Store } from '../store/index.ts';

/** Whose labels they are: those of one version, or of the model itself where it is null. */
export interface Labelled {
  readonly name: string;
  readonly version: number | null;
}

const MODEL_ITSELF = 0;

/** The rows of tags; no rules. */
export class TagTable {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  of({ name, version }: Labelled): Record<string, string> {
    const rows = this.#store
      .statement<{ key: string; value: string }>(
        `SELECT key, value FROM registry_tag WHERE model = ? AND version = ? ORDER BY key`,
      )
      .all(name, version ?? MODEL_ITSELF);
    return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
  }

  set({ name, version }: Labelled, key: string, value: string): void {
    this.#store
      .statement(
        `INSERT INTO registry_tag (model, version, key, value) VALUES (?, ?, ?, ?)
         ON CONFLICT (model, version, key) DO UPDATE SET value = excluded.value`,
      )
      .run(name, version ?? MODEL_ITSELF, key, value);
  }

  /** False when there was no such tag. */
  remove({ name, version }: Labelled, key: string): boolean {
    const { changes } = this.#store
      .statement(`DELETE FROM registry_tag WHERE model = ? AND version = ? AND key = ?`)
      .run(name, version ?? MODEL_ITSELF, key);
    return changes > 0;
  }
}
