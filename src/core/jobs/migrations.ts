/** Table definitions of the jobs room. Structurally the store's `RoomMigrations`. */
export const jobsMigrations = {
  room: 'jobs',
  steps: [
    `CREATE TABLE job (
       id TEXT PRIMARY KEY,
       kind TEXT NOT NULL,
       title TEXT NOT NULL,
       subject TEXT,
       state TEXT NOT NULL CHECK (state IN ('queued','running','succeeded','failed','cancelled','interrupted')),
       input TEXT NOT NULL,
       result TEXT,
       error TEXT,
       progress TEXT,
       attempt INTEGER NOT NULL DEFAULT 1,
       created_at INTEGER NOT NULL,
       started_at INTEGER,
       ended_at INTEGER
     ) STRICT;
     CREATE INDEX job_by_time ON job (created_at DESC);
     CREATE TABLE job_log (
       job TEXT NOT NULL REFERENCES job (id) ON DELETE CASCADE,
       sequence INTEGER NOT NULL,
       at INTEGER NOT NULL,
       level TEXT NOT NULL,
       text TEXT NOT NULL,
       PRIMARY KEY (job, sequence)
     ) STRICT, WITHOUT ROWID;`,
    `ALTER TABLE job ADD COLUMN priority TEXT NOT NULL DEFAULT 'normal' CHECK (priority IN ('high','normal','low'));
     ALTER TABLE job ADD COLUMN schedule TEXT NOT NULL DEFAULT '{}';
     ALTER TABLE job ADD COLUMN needs TEXT;
     ALTER TABLE job ADD COLUMN paused INTEGER NOT NULL DEFAULT 0;
     ALTER TABLE job ADD COLUMN begins_at INTEGER;
     ALTER TABLE job ADD COLUMN gpus TEXT NOT NULL DEFAULT '[]';
     CREATE INDEX job_by_state ON job (state, created_at DESC);`,
  ],
} as const;
