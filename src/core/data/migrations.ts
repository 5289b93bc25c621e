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
    `
CREATE TABLE data_part (
  id INTEGER PRIMARY KEY,
  rows INTEGER NOT NULL,
  digest TEXT NOT NULL,
  source TEXT NOT NULL,
  arrivals TEXT NOT NULL,
  blob_id TEXT NOT NULL,
  directory_offset INTEGER NOT NULL,
  directory_bytes INTEGER NOT NULL,
  stored_bytes INTEGER NOT NULL
) STRICT;
CREATE TABLE data_version_part (
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  position INTEGER NOT NULL,
  part INTEGER NOT NULL REFERENCES data_part (id),
  superseded_rows INTEGER NOT NULL,
  superseded_blob TEXT,
  PRIMARY KEY (name, version, position),
  FOREIGN KEY (name, version) REFERENCES data_version (name, version) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE INDEX data_version_part_of ON data_version_part (part);
CREATE TABLE data_content (
  name TEXT NOT NULL,
  version INTEGER NOT NULL,
  digest TEXT NOT NULL,
  PRIMARY KEY (name, version, digest),
  FOREIGN KEY (name, version) REFERENCES data_version (name, version) ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
ALTER TABLE data_version ADD COLUMN keys TEXT NOT NULL DEFAULT '[]';
ALTER TABLE data_version ADD COLUMN mode TEXT NOT NULL DEFAULT 'replace';
ALTER TABLE data_version ADD COLUMN added_rows INTEGER NOT NULL DEFAULT 0;
UPDATE data_version SET added_rows = rows;
INSERT INTO data_part
  SELECT row_number() OVER (ORDER BY name, version), rows, digest, source,
    json_array(json_object('rows', rows, 'importedAtMs', imported_at)),
    blob_id, directory_offset, directory_bytes, stored_bytes
  FROM data_version;
INSERT INTO data_version_part
  SELECT name, version, 0, row_number() OVER (ORDER BY name, version), 0, NULL FROM data_version;
INSERT INTO data_content SELECT name, version, digest FROM data_version;
ALTER TABLE data_version DROP COLUMN blob_id;
ALTER TABLE data_version DROP COLUMN directory_offset;
ALTER TABLE data_version DROP COLUMN directory_bytes;
`,
  ],
};
