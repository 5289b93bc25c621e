import { createHmac } from 'node:crypto';
import path from 'node:path';
import { AuditLog, auditMigrations } from '../../src/core/audit/index.ts';
import type { SecretSealer } from '../../src/core/registry/index.ts';
import {
  type BlobStore,
  openBlobStore,
  openStore,
  type RoomMigrations,
  type Store,
  storeMigrations,
} from '../../src/core/store/index.ts';

/** The store, blobs and audit log of a workspace under a fixed key, for tests that damage them. */
export interface SampleWorkspace {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly audit: AuditLog;
  /** Seals nothing. */
  readonly vault: SecretSealer & { readonly workspaceId: string };
  close(): void;
}

export const NOTES: RoomMigrations = {
  room: 'notes',
  steps: ['CREATE TABLE note (id INTEGER PRIMARY KEY, text TEXT NOT NULL) STRICT;'],
};

export const deriveKey = (label: string): Buffer =>
  createHmac('sha256', 'root key of the fault tests').update(label).digest();

export function openSample(folder: string, ...rooms: readonly RoomMigrations[]): SampleWorkspace {
  const store = openStore({
    file: path.join(folder, 'store.db'),
    key: deriveKey('db'),
    cipher: 'sqlcipher',
    migrations: [storeMigrations, auditMigrations, ...(rooms.length === 0 ? [NOTES] : rooms)],
  });
  const blobs = openBlobStore({ folder: path.join(folder, 'blobs'), store, deriveKey });
  const vault = {
    workspaceId: 'a'.repeat(32),
    deriveKey,
    sealSecret: (bytes: Uint8Array) => Buffer.from(bytes),
    openSecret: (sealed: Uint8Array) => Buffer.from(sealed),
  };
  const audit = new AuditLog({ store, vault, actor: 'test', clock: () => 1_750_000_000_000 });
  return {
    store,
    blobs,
    audit,
    vault,
    close() {
      blobs.close();
      store.close();
    },
  };
}

/** A change with its record, as the rooms make them. */
export function addNote({ store, audit }: SampleWorkspace, text: string): void {
  store.transaction(() => {
    store.statement('INSERT INTO note (text) VALUES (?)').run(text);
    audit.append({ action: 'note.add', object: 'note', details: { length: text.length } });
  });
}

export const notesOf = ({ store }: SampleWorkspace): string[] =>
  store
    .statement<{ text: string }>('SELECT text FROM note ORDER BY id')
    .all()
    .map((row) => row.text);
