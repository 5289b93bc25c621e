import type { RoomMigrations } from '../store/index.ts';

/**
 * `online_set`: a view's materialized rows and what they were made from. `live` is 1 for the one that is read, 0 for the
 * one being built, null for one that waits for its removal. `online_row`: one packed row per entity. `push_*`: the
 * history of pushed views, append-only; a row's sequence is its number in that history, and `push_seen` tells a row that
 * came before.
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
  ],
};
