import type { RoomMigrations } from '../store/index.ts';

export const connectionsMigrations: RoomMigrations = {
  room: 'connections',
  steps: [
    `
CREATE TABLE connection (
  name TEXT PRIMARY KEY,
  target TEXT NOT NULL,
  sealed_secret BLOB,
  created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
  ],
};
