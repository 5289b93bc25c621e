import type Database from 'better-sqlite3';
import { FalajError } from '../../shared/errors.ts';

/** The tables of one room. Steps are only ever added: step n is applied to a store that has had steps 0 to n-1. */
export interface RoomMigrations {
  readonly room: string;
  readonly steps: readonly string[];
}

/** "FALJ": tells this file from any other SQLite database. */
const APPLICATION_ID = 0x46414c4a;

/** Layout of the store's own bookkeeping (`store_room`), kept in `user_version`. */
const STORE_FORMAT = 1;

const LEDGER = `CREATE TABLE store_room (room TEXT PRIMARY KEY, steps INTEGER NOT NULL) STRICT, WITHOUT ROWID;`;

/** Steps that each room has had; null for a file in which nothing has been created yet. */
export function readSchema(database: Database, file: string): ReadonlyMap<string, number> | null {
  const tables = database.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number;
  const applicationId = database.pragma('application_id', { simple: true }) as number;
  const format = database.pragma('user_version', { simple: true }) as number;
  if (tables === 0 && applicationId === 0 && format === 0) return null;
  if (applicationId !== APPLICATION_ID) {
    throw new FalajError('STORE_DAMAGED', `${file} is a database of another program.`, {
      hint: 'Choose the folder of a Falaj workspace.',
      details: { file },
    });
  }
  if (format > STORE_FORMAT) throw tooNew(file, 'the store itself');
  const rows = database.prepare('SELECT room, steps FROM store_room').all() as {
    room: string;
    steps: number;
  }[];
  return new Map(rows.map(({ room, steps }) => [room, steps]));
}

/** Refuses a store that a newer version has changed: what it added is unknown here and would be lost or misread. */
export function refuseNewerSchema(
  schema: ReadonlyMap<string, number>,
  migrations: readonly RoomMigrations[],
  file: string,
): void {
  const known = new Map(migrations.map(({ room, steps }) => [room, steps.length]));
  for (const [room, steps] of schema) {
    if (steps > (known.get(room) ?? 0)) throw tooNew(file, room);
  }
}

/** Brings every room up to date in one transaction: a crash in between leaves the schema as it was. */
export function migrate(
  database: Database,
  migrations: readonly RoomMigrations[],
  schema: ReadonlyMap<string, number> | null,
): void {
  const pending = migrations.filter(({ room, steps }) => steps.length > (schema?.get(room) ?? 0));
  if (schema !== null && pending.length === 0) return;
  database.exec('BEGIN IMMEDIATE');
  try {
    if (schema === null) {
      database.pragma(`application_id = ${APPLICATION_ID}`);
      database.pragma(`user_version = ${STORE_FORMAT}`);
      database.exec(LEDGER);
    }
    const record = database.prepare(
      'INSERT INTO store_room (room, steps) VALUES (?, ?) ON CONFLICT (room) DO UPDATE SET steps = excluded.steps',
    );
    for (const { room, steps } of pending) {
      for (const step of steps.slice(schema?.get(room) ?? 0)) database.exec(step);
      record.run(room, steps.length);
    }
    database.exec('COMMIT');
  } catch (error) {
    if (database.inTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

const tooNew = (file: string, room: string): FalajError =>
  new FalajError('SCHEMA_TOO_NEW', `${file} was last used by a newer version of Falaj.`, {
    hint: 'Open it with that version or a later one. The file was not touched.',
    details: { file, room },
  });
