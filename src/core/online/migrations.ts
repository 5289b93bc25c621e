import type { RoomMigrations } from '../store/index.ts';

/**
 * `online_set`: a view's materialized rows and what they were made from. `live` is 1 for the one that is read, 0 for the
 * one being built, null for one that waits for its removal. `online_row`: one packed row per entity. `push_*`: the
 * history of pushed views, append-only; a row's sequence is its number in that history, and `push_seen` tells a row that
 * came before; rows that have been there for a while are put together in columns, as a `push_segment`. `read_log`: values that were served, one text per read; what reads by the same definitions have in common
 * is their layout. `skew_report`: the last comparison of a service with its history.
 * `skew_check`: the figures of every comparison, without any value that was served.
 */
export const onlineMigrations: RoomMigrations = {
  room: 'online',
  steps: [
    `
CREATE TABLE online_set (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  view TEXT NOT NULL,
  live INTEGER,
  definition TEXT NOT NULL,
  layout TEXT NOT NULL,
  source_version INTEGER NOT NULL,
  bounds TEXT NOT NULL,
  taken INTEGER NOT NULL,
  entities INTEGER NOT NULL,
  newest_event REAL,
  written_at INTEGER NOT NULL
) STRICT;
CREATE UNIQUE INDEX online_set_live ON online_set (view, live);
CREATE TABLE online_row (
  set_id INTEGER NOT NULL,
  key BLOB NOT NULL,
  record BLOB NOT NULL,
  PRIMARY KEY (set_id, key)
) STRICT, WITHOUT ROWID;
CREATE TABLE push_view (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  view TEXT NOT NULL UNIQUE,
  rows INTEGER NOT NULL
) STRICT;
CREATE TABLE push_layout (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  view_id INTEGER NOT NULL REFERENCES push_view (id),
  columns TEXT NOT NULL,
  UNIQUE (view_id, columns)
) STRICT;
CREATE TABLE push_row (
  view_id INTEGER NOT NULL,
  sequence INTEGER NOT NULL,
  layout_id INTEGER NOT NULL,
  row BLOB NOT NULL,
  PRIMARY KEY (view_id, sequence)
) STRICT, WITHOUT ROWID;
CREATE TABLE push_seen (
  view_id INTEGER NOT NULL,
  event_time REAL NOT NULL,
  digest BLOB NOT NULL,
  PRIMARY KEY (view_id, event_time, digest)
) STRICT, WITHOUT ROWID;
`,
    `
CREATE TABLE read_log_service (
  service TEXT PRIMARY KEY,
  retention REAL NOT NULL,
  dropped INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE read_log_layout (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  service TEXT NOT NULL,
  layout TEXT NOT NULL,
  UNIQUE (service, layout)
) STRICT;
CREATE TABLE read_log (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  layout_id INTEGER NOT NULL,
  at REAL NOT NULL,
  body TEXT NOT NULL
) STRICT;
CREATE INDEX read_log_by_time ON read_log (layout_id, at);
CREATE TABLE skew_report (
  service TEXT PRIMARY KEY,
  checked_at INTEGER NOT NULL,
  report TEXT NOT NULL
) STRICT, WITHOUT ROWID;
`,
    `
CREATE TABLE push_segment (
  view_id INTEGER NOT NULL REFERENCES push_view (id),
  first_sequence INTEGER NOT NULL,
  rows INTEGER NOT NULL,
  layout_id INTEGER NOT NULL REFERENCES push_layout (id),
  blob_id TEXT NOT NULL,
  directory_offset INTEGER NOT NULL,
  directory_bytes INTEGER NOT NULL,
  block_digest BLOB NOT NULL,
  PRIMARY KEY (view_id, first_sequence)
) STRICT, WITHOUT ROWID;
`,
    `
CREATE TABLE skew_check (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  service TEXT NOT NULL,
  checked_at INTEGER NOT NULL,
  figures TEXT NOT NULL
) STRICT;
CREATE INDEX skew_check_by_service ON skew_check (service, id);
`,
  ],
};
