/** Tokens by which programs get in. Only their hashes are kept. */
export const accessMigrations = {
  room: 'access',
  steps: [
    `
CREATE TABLE access_token (
  id TEXT PRIMARY KEY,
  scope TEXT NOT NULL,
  hash BLOB NOT NULL,
  created_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
`,
    `
ALTER TABLE access_token ADD COLUMN run_id TEXT;
`,
  ],
} as const;
