/**
 * Tables of the tracking room. A metric of a run is a series: its newest points lie in the tail as rows, older ones in
 * sealed blocks of columns, and its latest value beside its name, where searches look. A value that is NULL is NaN.
 */
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
    `
ALTER TABLE tracking_experiment ADD COLUMN lifecycle TEXT NOT NULL DEFAULT 'active';
ALTER TABLE tracking_experiment ADD COLUMN updated_at INTEGER NOT NULL DEFAULT 0;
ALTER TABLE tracking_experiment ADD COLUMN artifact_location TEXT;
UPDATE tracking_experiment SET updated_at = created_at;
UPDATE tracking_experiment SET name = 'Default ' || id WHERE name = 'Default';
INSERT INTO tracking_experiment (id, name, created_at) VALUES ('0', 'Default', 0);
CREATE TABLE tracking_experiment_tag (
  experiment_id TEXT NOT NULL REFERENCES tracking_experiment (id) ON DELETE CASCADE,
  key TEXT NOT NULL,
  value TEXT NOT NULL,
  PRIMARY KEY (experiment_id, key)
) STRICT, WITHOUT ROWID;

ALTER TABLE tracking_run ADD COLUMN lifecycle TEXT NOT NULL DEFAULT 'active';
ALTER TABLE tracking_run ADD COLUMN user_id TEXT NOT NULL DEFAULT '';
ALTER TABLE tracking_run ADD COLUMN writer TEXT NOT NULL DEFAULT 'engine';

CREATE TABLE tracking_series (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL REFERENCES tracking_run (id) ON DELETE CASCADE,
  metric TEXT NOT NULL,
  points INTEGER NOT NULL,
  sealed INTEGER NOT NULL DEFAULT 0,
  latest_step INTEGER NOT NULL,
  latest_at INTEGER NOT NULL,
  latest_value REAL,
  UNIQUE (run_id, metric)
) STRICT;
CREATE INDEX tracking_series_by_value ON tracking_series (metric, latest_value, run_id);
CREATE TABLE tracking_tail (
  series_id INTEGER NOT NULL REFERENCES tracking_series (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  step INTEGER NOT NULL,
  at INTEGER NOT NULL,
  value REAL,
  PRIMARY KEY (series_id, position)
) STRICT, WITHOUT ROWID;
CREATE TABLE tracking_block (
  id INTEGER PRIMARY KEY,
  series_id INTEGER NOT NULL REFERENCES tracking_series (id) ON DELETE CASCADE,
  position INTEGER NOT NULL,
  points INTEGER NOT NULL,
  ascending INTEGER NOT NULL,
  min_step INTEGER NOT NULL,
  max_step INTEGER NOT NULL,
  extremes TEXT NOT NULL,
  payload BLOB NOT NULL,
  UNIQUE (series_id, position)
) STRICT;
INSERT INTO tracking_series (run_id, metric, points, latest_step, latest_at, latest_value)
  SELECT known.run_id, known.metric,
    max(1, (SELECT count(*) FROM tracking_metric_point AS p WHERE p.run_id = known.run_id AND p.metric = known.metric)),
    coalesce((SELECT max(step) FROM tracking_metric_point AS p WHERE p.run_id = known.run_id AND p.metric = known.metric), 0),
    coalesce((SELECT max(at) FROM tracking_metric_point AS p WHERE p.run_id = known.run_id AND p.metric = known.metric), run.ended_at, run.started_at),
    known.value
  FROM tracking_metric AS known JOIN tracking_run AS run ON run.id = known.run_id;
INSERT INTO tracking_tail (series_id, position, step, at, value)
  SELECT series.id, row_number() OVER (PARTITION BY series.id ORDER BY point.step) - 1, point.step, point.at, point.value
  FROM tracking_metric_point AS point JOIN tracking_series AS series ON series.run_id = point.run_id AND series.metric = point.metric;
INSERT INTO tracking_tail (series_id, position, step, at, value)
  SELECT id, 0, latest_step, latest_at, latest_value FROM tracking_series
  WHERE NOT EXISTS (SELECT 1 FROM tracking_tail WHERE series_id = tracking_series.id);
DROP TABLE tracking_metric_point;
DROP TABLE tracking_metric;
CREATE INDEX tracking_param_by_value ON tracking_param (key, value);
CREATE INDEX tracking_tag_by_value ON tracking_tag (key, value);

CREATE TABLE tracking_input (
  run_id TEXT NOT NULL REFERENCES tracking_run (id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  digest TEXT NOT NULL,
  dataset TEXT NOT NULL,
  tags TEXT NOT NULL,
  PRIMARY KEY (run_id, name, digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE tracking_logged_model (
  id TEXT PRIMARY KEY,
  experiment_id TEXT NOT NULL REFERENCES tracking_experiment (id),
  name TEXT NOT NULL,
  model_type TEXT NOT NULL,
  run_id TEXT,
  status TEXT NOT NULL,
  created_at INTEGER NOT NULL,
  updated_at INTEGER NOT NULL,
  params TEXT NOT NULL,
  tags TEXT NOT NULL
) STRICT;
CREATE INDEX tracking_logged_model_by_experiment ON tracking_logged_model (experiment_id, created_at DESC);
CREATE INDEX tracking_logged_model_by_run ON tracking_logged_model (run_id);
CREATE TABLE tracking_logged_model_metric (
  model_id TEXT NOT NULL REFERENCES tracking_logged_model (id) ON DELETE CASCADE,
  run_id TEXT NOT NULL REFERENCES tracking_run (id) ON DELETE CASCADE,
  metric TEXT NOT NULL,
  dataset_name TEXT NOT NULL,
  dataset_digest TEXT NOT NULL,
  step INTEGER NOT NULL,
  at INTEGER NOT NULL,
  value REAL,
  PRIMARY KEY (model_id, run_id, metric, dataset_name, dataset_digest)
) STRICT, WITHOUT ROWID;
CREATE TABLE tracking_logged_model_artifact (
  model_id TEXT NOT NULL REFERENCES tracking_logged_model (id) ON DELETE CASCADE,
  path TEXT NOT NULL,
  blob_id TEXT NOT NULL,
  digest TEXT NOT NULL,
  size_bytes INTEGER NOT NULL,
  PRIMARY KEY (model_id, path)
) STRICT, WITHOUT ROWID;
CREATE TABLE tracking_run_model (
  run_id TEXT NOT NULL REFERENCES tracking_run (id) ON DELETE CASCADE,
  direction TEXT NOT NULL,
  model_id TEXT NOT NULL REFERENCES tracking_logged_model (id) ON DELETE CASCADE,
  step INTEGER NOT NULL,
  PRIMARY KEY (run_id, direction, model_id)
) STRICT, WITHOUT ROWID;
`,
    // Runs come in the order of their start. Put at the end of an index one costs a page; at its beginning it splits pages.
    `
DROP INDEX tracking_run_by_start;
DROP INDEX tracking_run_by_experiment;
CREATE INDEX tracking_run_by_start ON tracking_run (started_at);
CREATE INDEX tracking_run_by_experiment ON tracking_run (experiment_id, started_at);
`,
  ],
} as const;
