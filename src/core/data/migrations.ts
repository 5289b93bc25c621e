import type { RoomMigrations } from '../store/index.ts';

/** Version numbers are never given twice: `data_name` remembers the last one even after a removal. */
export const dataMigrations: RoomMigrations = {
  room: 'data',
  steps: [
    `
CREATE TABLE data_name (
  name TEXT PRIMARY KEY,
  last_version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE data_version (
  name TEXT NOT NULL REFERENCES data_name (name),
  version INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  columns TEXT NOT NULL,
  event_time TEXT,
  known_time TEXT,
  labels TEXT NOT NULL,
  purposes TEXT NOT NULL,
  source TEXT NOT NULL,
  digest TEXT NOT NULL,
  blob_id TEXT NOT NULL,
  directory_offset INTEGER NOT NULL,
  directory_bytes INTEGER NOT NULL,
  stored_bytes INTEGER NOT NULL,
  imported_at INTEGER NOT NULL,
  profile TEXT,
  PRIMARY KEY (name, version)
) STRICT, WITHOUT ROWID;
`,
  ],
};
