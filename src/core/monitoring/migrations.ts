/** Drift checks as they were made; the columns with their distributions are one JSON text per check. */
export const monitoringMigrations = {
  room: 'monitoring',
  steps: [
    `
CREATE TABLE monitoring_check (
  id TEXT PRIMARY KEY,
  reference TEXT NOT NULL,
  current TEXT NOT NULL,
  checked_at INTEGER NOT NULL,
  drift INTEGER NOT NULL,
  reference_rows INTEGER NOT NULL,
  current_rows INTEGER NOT NULL,
  column_count INTEGER NOT NULL,
  drifted_count INTEGER NOT NULL,
  columns TEXT NOT NULL
) STRICT;
CREATE INDEX monitoring_check_by_time ON monitoring_check (checked_at DESC);
`,
  ],
} as const;
