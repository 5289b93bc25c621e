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
  ],
} as const;
