/** Tables of the model registry. A version is a set of blobs; nothing of a version ever changes but which aliases point at it. */
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
  ],
} as const;
