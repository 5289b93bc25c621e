/** Table definitions of the features room. Structurally the store's `RoomMigrations`. */
export const featuresMigrations = {
  room: 'features',
  steps: [
    `CREATE TABLE feature_definition (
       kind TEXT NOT NULL,
       name TEXT NOT NULL,
       version INTEGER NOT NULL,
       body TEXT NOT NULL,
       applied_at INTEGER NOT NULL,
       PRIMARY KEY (kind, name)
     ) STRICT, WITHOUT ROWID;`,
    `CREATE TABLE feature_definition_version (
       kind TEXT NOT NULL,
       name TEXT NOT NULL,
       revision INTEGER NOT NULL,
       version INTEGER NOT NULL,
       body TEXT NOT NULL,
       applied_at INTEGER NOT NULL,
       PRIMARY KEY (kind, name, revision)
     ) STRICT, WITHOUT ROWID;
     INSERT INTO feature_definition_version (kind, name, revision, version, body, applied_at)
       SELECT kind, name, 1, version, body, applied_at FROM feature_definition;`,
    `CREATE TABLE feature_receipt (
       id TEXT PRIMARY KEY,
       built_at INTEGER NOT NULL,
       receipt TEXT NOT NULL
     ) STRICT, WITHOUT ROWID;`,
    `CREATE TABLE feature_statistics (
       sequence INTEGER PRIMARY KEY,
       view TEXT NOT NULL,
       body TEXT NOT NULL
     ) STRICT;
     CREATE INDEX feature_statistics_view ON feature_statistics (view, sequence);`,
  ],
} as const;
