import type { ChangedRoom, Model } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import type { AuditLog } from '../audit/index.ts';
import type { BlobStore, Store } from '../store/index.ts';
import type { ModelTable, VersionRow } from './model-table.ts';
import { blobOwner } from './version-writer.ts';

/** Models as names: making one before it has a version, renaming it while it has none, removing it with all its versions. */
export class ModelNames {
  readonly #store: Store;
  readonly #blobs: BlobStore;
  readonly #audit: AuditLog;
  readonly #table: ModelTable;
  readonly #clock: () => number;
  readonly #notify: (room: ChangedRoom) => void;

  constructor(parts: {
    store: Store;
    blobs: BlobStore;
    audit: AuditLog;
    table: ModelTable;
    clock: () => number;
    notify: (room: ChangedRoom) => void;
  }) {
    this.#store = parts.store;
    this.#blobs = parts.blobs;
    this.#audit = parts.audit;
    this.#table = parts.table;
    this.#clock = parts.clock;
    this.#notify = parts.notify;
  }

  create(input: { name: string; description: string; tags: Readonly<Record<string, string>> }): Model {
    this.#store.transaction(() => {
      this.#refuseTaken(input.name);
      this.#table.names.insert(input.name, input.description, this.#clock());
      for (const [key, value] of Object.entries(input.tags))
        this.#table.tags.set({ name: input.name, version: null }, key, value);
      this.#audit.append({ action: 'model.create', object: `model/${input.name}` });
    });
    this.#notify('models');
    return this.#table.model(input.name);
  }

  /** The name of a model is in the signatures over its versions and stays; without versions there is none yet. */
  rename(name: string, newName: string): Model {
    this.#store.transaction(() => {
      const row = this.#table.names.get(name);
      this.#refuseTaken(newName);
      if (this.#table.versions(name).length > 0)
        throw new FalajError(
          'CONFLICT',
          `The name ${name} is in the signatures over its versions and stays.`,
          {
            hint: 'Copy the versions to a model of the new name: they are signed anew there.',
          },
        );
      this.#table.names.rename(row, newName, this.#clock());
      this.#audit.append({
        action: 'model.rename',
        object: `model/${newName}`,
        details: { from: name, to: newName },
      });
    });
    this.#notify('models');
    return this.#table.model(newName);
  }

  /** The model, its versions and its aliases; each version is on record. */
  remove(name: string): { removed: true } {
    this.#store.transaction(() => {
      const row = this.#table.names.get(name);
      for (const version of this.#table.versions(name)) this.removeVersion(version);
      this.#table.names.remove(row);
      this.#audit.append({ action: 'model.remove-name', object: `model/${name}` });
    });
    this.#notify('models');
    return { removed: true };
  }

  /** One version with whatever points at it, inside a transaction. */
  removeVersion(row: VersionRow): void {
    for (const file of this.#table.files(row))
      this.#blobs.release(file.blob_id, blobOwner(row.model, row.version, file.path));
    const aliases = this.#table.aliases(row);
    this.#table.remove(row);
    this.#table.names.touch(row.model, this.#clock());
    this.#audit.append({
      action: 'model.remove',
      object: `model/${row.model}:${row.version}`,
      details: { digest: row.digest, ...(aliases.length > 0 ? { aliases: aliases.join(', ') } : {}) },
    });
  }

  #refuseTaken(name: string): void {
    if (this.#table.names.find(name) !== undefined)
      throw new FalajError('ALREADY_EXISTS', `There is a model ${name} already.`, {
        hint: 'Choose another name, or register a version of it.',
      });
  }
}
