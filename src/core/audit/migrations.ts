import type { RoomMigrations } from '../store/index.ts';

export const auditMigrations: RoomMigrations = {
  room: 'audit',
  steps: [
    `CREATE TABLE audit_entry (
       sequence INTEGER PRIMARY KEY,
       action TEXT NOT NULL,
       leaf TEXT NOT NULL
     ) STRICT;
     CREATE INDEX audit_entry_by_action ON audit_entry (action, sequence);
     CREATE TABLE audit_node (
       level INTEGER NOT NULL,
       position INTEGER NOT NULL,
       hash BLOB NOT NULL,
       PRIMARY KEY (level, position)
     ) STRICT, WITHOUT ROWID;
     CREATE TABLE audit_head (
       id INTEGER PRIMARY KEY CHECK (id = 0),
       size INTEGER NOT NULL,
       frontier BLOB NOT NULL,
       last_at INTEGER NOT NULL,
       mac BLOB NOT NULL
     ) STRICT;
     CREATE TABLE audit_checkpoint (
       size INTEGER PRIMARY KEY,
       note TEXT NOT NULL
     ) STRICT;
     CREATE TABLE audit_key (
       id INTEGER PRIMARY KEY CHECK (id = 0),
       sealed BLOB NOT NULL
     ) STRICT;`,
  ],
};
