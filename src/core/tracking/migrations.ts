/** Tables of the tracking room. Metric points are clustered by run, metric and step, so that a history is one range scan. */
export const trackingMigrations = {
  room: 'tracking',
  steps: [
    `
CREATE TABLE tracking_experiment (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE,
  created_at INTEGER NOT NULL
) STRICT;
CREATE TABLE tracking_run (
  id TEXT PRIMARY KEY,
  experiment_id TEXT NOT NULL REFERENCES tracking_experiment (id),
  name TEXT NOT NULL,
  status TEXT NOT NULL,
  started_at INTEGER NOT NULL,
  ended_at INTEGER,
  data TEXT NOT NULL DEFAULT '[]',
  model TEXT,
  evaluation TEXT
) STRICT;
CREATE INDEX tracking_run_by_start ON tracking_run (started_at DESC);
CREATE INDEX tracking_run_by_experiment ON tracking_run (experiment_id, started_at DESC);
CREATE TABLE tracking_param (
  run_id TEXT NOT NULL REFERENCES tracking_run (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (run_id, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE tracking_tag (
  run_id TEXT NOT NULL REFERENCES tracking_run (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (run_id, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE tracking_metric (
  run_id TEXT NOT NULL REFERENCES tracking_run (id) ON DELETE CASCADE,
  metric TEXT NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (run_id, metric)
) STRICT, WITHOUT ROWID;
CREATE TABLE tracking_metric_point (
  run_id TEXT NOT NULL REFERENCES tracking_run (id) ON DELETE CASCADE,
  metric TEXT NOT NULL,
  step INTEGER NOT NULL,
  value REAL NOT NULL,
  at INTEGER NOT NULL,
  PRIMARY KEY (run_id, metric, step)
) STRICT, WITHOUT ROWID;
CREATE TABLE tracking_artifact (
  run_id TEXT NOT NULL REFERENCES tracking_run (id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  blob_id TEXT NOT NULL,
  digest TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  PRIMARY KEY (run_id, path)
) STRICT, WITHOUT ROWID;
`,
  ],
} as const;
