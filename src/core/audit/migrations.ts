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
    // The nodes of the tree move into the rows of the entries that finished them, and what was missing stays missing. Nothing
    // searched by the index.
    `CREATE TABLE audit_entry_with_hashes (
       sequence INTEGER PRIMARY KEY,
       action TEXT NOT NULL,
       hashes BLOB NOT NULL,
       leaf TEXT NOT NULL
     ) STRICT;
     CREATE TEMP TABLE audit_finished (sequence INTEGER PRIMARY KEY, hashes BLOB NOT NULL) STRICT;
     INSERT INTO audit_finished (sequence, hashes)
       SELECT ((position + 1) << level) - 1, unhex(group_concat(hex(hash), '' ORDER BY level)) FROM audit_node GROUP BY 1;
     INSERT INTO audit_entry_with_hashes (sequence, action, hashes, leaf)
       SELECT sequence, action, coalesce(hashes, x''), leaf FROM audit_entry
       LEFT JOIN audit_finished USING (sequence) ORDER BY sequence;
     DROP TABLE audit_finished;
     DROP TABLE audit_node;
     DROP TABLE audit_entry;
     ALTER TABLE audit_entry_with_hashes RENAME TO audit_entry;`,
  ],
};
