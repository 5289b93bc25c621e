/**
 * Tables of the model registry. A version is a set of blobs and a signature over them; none of these ever change. Beside them
 * lie what people call and say of it, which no signature covers: aliases, tags, a description, a stage.
 */
export const registryMigrations = {
  room: 'registry',
  steps: [
    `
CREATE TABLE registry_signing_key (
  id INTEGER PRIMARY KEY CHECK (id = 1),
  public_key_pem TEXT NOT NULL,
  sealed_private_key BLOB NOT NULL,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE registry_model (
  name TEXT PRIMARY KEY,
  last_version INTEGER NOT NULL,
  updated_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE registry_version (
  model TEXT NOT NULL REFERENCES registry_model (name),
  version INTEGER NOT NULL,
  digest TEXT NOT NULL,
  metadata TEXT NOT NULL,
  run_id TEXT,
  created_at INTEGER NOT NULL,
  PRIMARY KEY (model, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE registry_file (
  model TEXT NOT NULL,
  version INTEGER NOT NULL,
  path TEXT NOT NULL,
  blob_id TEXT NOT NULL,
  digest TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  PRIMARY KEY (model, version, path),
  FOREIGN KEY (model, version) REFERENCES registry_version (model, version)
) STRICT, WITHOUT ROWID;
CREATE TABLE registry_alias (
  model TEXT NOT NULL,
  alias TEXT NOT NULL,
  version INTEGER NOT NULL,
  PRIMARY KEY (model, alias),
  FOREIGN KEY (model, version) REFERENCES registry_version (model, version)
) STRICT, WITHOUT ROWID;
`,
    // Tags of a model itself have version 0. Numbers of removed models are remembered: none is given twice.
    `
ALTER TABLE registry_model ADD COLUMN created_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE registry_model ADD COLUMN description TEXT NOT NULL DEFAULT '';
UPDATE registry_model SET created_at = coalesce((SELECT min(created_at) FROM registry_version WHERE model = name), updated_at);
ALTER TABLE registry_version ADD COLUMN source TEXT;
ALTER TABLE registry_version ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE registry_version ADD COLUMN description TEXT NOT NULL DEFAULT '';
ALTER TABLE registry_version ADD COLUMN stage TEXT NOT NULL DEFAULT 'None';
UPDATE registry_version SET updated_at = created_at;
CREATE TABLE registry_tag (
  model TEXT NOT NULL REFERENCES registry_model (name) ON DELETE CASCADE ON UPDATE CASCADE,
  version INTEGER NOT NULL,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (model, version, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE registry_retired (
  name TEXT PRIMARY KEY,
  last_version INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
  ],
} as const;
