import { closeSync, existsSync, openSync, statSync } from 'node:fs';
import Database, { type PreparedStatement } from 'better-sqlite3';
import { FalajError } from '../../shared/errors.ts';
import { diskError } from './durable-file.ts';
import { migrate, type RoomMigrations, readSchema, refuseNewerSchema } from './migrations.ts';
import { applyKey, type PageCipher, STORE_KEY_BYTES } from './page-cipher.ts';
import { isFailedSync, storeError } from './store-error.ts';

export interface RunOutcome {
  readonly changes: number;
  readonly lastInsertRowid: number | bigint;
}

/** A prepared statement. Values are numbers, strings, bigints, Buffers and null; booleans are 0 and 1. */
export interface Statement<Row> {
  get(...parameters: readonly unknown[]): Row | undefined;
  all(...parameters: readonly unknown[]): Row[];
  run(...parameters: readonly unknown[]): RunOutcome;
  iterate(...parameters: readonly unknown[]): IterableIterator<Row>;
}

export interface Store {
  readonly file: string;
  /** Prepared once per text and kept. */
  statement<Row = unknown>(sql: string): Statement<Row>;
  /** Runs the work in an IMMEDIATE transaction; inside another one, in a savepoint. The work must be synchronous. */
  transaction<T>(work: () => T): T;
  readonly inTransaction: boolean;
  /** Runs the work once the outermost transaction is durable, or never when it is undone. Outside one: at once. */
  afterCommit(work: () => void): void;
  /** Reads every page and checks its MAC and the structure over it. Throws STORE_DAMAGED naming the file. */
  check(): void;
  /** Bytes of the database and its write-ahead log on disk. */
  sizeBytes(): number;
  close(): void;
}

export interface StoreOptions {
  readonly file: string;
  /** 32 bytes; the caller keeps and zeroes its own copy. */
  readonly key: Uint8Array;
  readonly cipher: PageCipher;
  readonly migrations: readonly RoomMigrations[];
  /** Set when the workspace is known to have a store: a missing or empty file is then damage, not a new store. */
  readonly mustExist?: boolean;
}

const BUSY_TIMEOUT_MS = 5000;
const CACHE_KIBIBYTES = 65_536;

/**
 * Opens the encrypted store, and brings its tables up to date. A store of a newer version is looked at through a
 * read-only connection and refused before anything could write to it.
 */
export function openStore(options: StoreOptions): Store {
  const { file, key } = options;
  if (key.length !== STORE_KEY_BYTES) {
    throw new FalajError('INTERNAL', `A store key has ${STORE_KEY_BYTES} bytes, not ${key.length}.`);
  }
  const exists = existsSync(file) && statSync(file).size > 0;
  if (!exists && options.mustExist) {
    throw new FalajError('STORE_DAMAGED', `The store ${file} is missing or empty.`, {
      hint: 'Restore the file from a backup.',
      details: { file },
    });
  }
  try {
    // SQLite would create the file readable for everyone whom the umask allows.
    if (exists) inspect(options);
    else closeSync(openSync(file, 'a', 0o600));
    return new SqliteStore(options);
  } catch (error) {
    throw diskError(storeError(error, file), file);
  }
}

function inspect({ file, key, cipher, migrations }: StoreOptions): void {
  const database = new Database(file, { readonly: true, timeout: BUSY_TIMEOUT_MS });
  try {
    applyKey(database, cipher, key);
    const schema = readSchema(database, file);
    if (schema !== null) refuseNewerSchema(schema, migrations, file);
  } finally {
    database.close();
  }
}

class SqliteStore implements Store {
  readonly file: string;
  readonly #database: Database;
  readonly #statements = new Map<string, Statement<unknown>>();
  /** One list per open transaction level, so that an undone savepoint drops what it asked for. */
  readonly #afterCommit: (() => void)[][] = [];
  #failure: FalajError | null = null;

  constructor({ file, key, cipher, migrations }: StoreOptions) {
    this.file = file;
    this.#database = new Database(file, { timeout: BUSY_TIMEOUT_MS });
    try {
      applyKey(this.#database, cipher, key);
      // Sorting in files would put rows on disk in the clear.
      this.#database.pragma('temp_store = MEMORY');
      const schema = readSchema(this.#database, file);
      this.#database.pragma('journal_mode = WAL');
      this.#database.pragma('synchronous = FULL');
      this.#database.pragma('foreign_keys = ON');
      this.#database.pragma('secure_delete = ON');
      this.#database.pragma('cell_size_check = ON');
      this.#database.pragma('trusted_schema = OFF');
      this.#database.pragma(`cache_size = ${-CACHE_KIBIBYTES}`);
      migrate(this.#database, migrations, schema);
    } catch (error) {
      this.#database.close();
      throw error;
    }
  }

  get inTransaction(): boolean {
    return this.#database.inTransaction;
  }

  statement<Row = unknown>(sql: string): Statement<Row> {
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      const prepared = this.#guarded(() => this.#database.prepare(sql));
      statement = this.#wrap(prepared);
      this.#statements.set(sql, statement);
    }
    return statement as Statement<Row>;
  }

  transaction<T>(work: () => T): T {
    const depth = this.#afterCommit.length;
    const savepoint = `level_${depth}`;
    this.statement(depth === 0 ? 'BEGIN IMMEDIATE' : `SAVEPOINT ${savepoint}`).run();
    this.#afterCommit.push([]);
    let result: T;
    try {
      result = work();
      if (result instanceof Promise) {
        throw new FalajError('INTERNAL', 'A transaction must not wait: its work returned a promise.');
      }
      this.statement(depth === 0 ? 'COMMIT' : `RELEASE ${savepoint}`).run();
    } catch (error) {
      this.#afterCommit.length = depth;
      this.#undo(depth === 0 ? ['ROLLBACK'] : [`ROLLBACK TO ${savepoint}`, `RELEASE ${savepoint}`]);
      throw error;
    }
    const callbacks = this.#afterCommit.pop() ?? [];
    if (depth > 0) this.#afterCommit[depth - 1]!.push(...callbacks);
    else for (const callback of callbacks) callback();
    return result;
  }

  afterCommit(work: () => void): void {
    const level = this.#afterCommit.at(-1);
    if (level === undefined) work();
    else level.push(work);
  }

  check(): void {
    const findings = this.#guarded(() => this.#database.pragma('integrity_check(1)', { simple: true }));
    if (findings !== 'ok') {
      throw new FalajError('STORE_DAMAGED', `The store ${this.file} is damaged.`, {
        hint: 'Restore the file from a backup.',
        details: { file: this.file, finding: String(findings) },
      });
    }
  }

  sizeBytes(): number {
    return [this.file, `${this.file}-wal`].reduce(
      (sum, file) => sum + (statSync(file, { throwIfNoEntry: false })?.size ?? 0),
      0,
    );
  }

  /** Also after a failed sync: the file and its key are let go of, so that the store can be opened again. */
  close(): void {
    this.#statements.clear();
    try {
      if (this.#database.open) this.#database.close();
    } catch (error) {
      throw storeError(error, this.file);
    }
  }

  /** SQLite may have ended the transaction by itself (a full disk does that); then there is nothing left to undo. */
  #undo(commands: readonly string[]): void {
    if (!this.#database.open || !this.#database.inTransaction) return;
    for (const command of commands) this.#database.exec(command);
  }

  #wrap(prepared: PreparedStatement): Statement<unknown> {
    return {
      get: (...parameters) => this.#guarded(() => prepared.get(...parameters)),
      all: (...parameters) => this.#guarded(() => prepared.all(...parameters)),
      run: (...parameters) => this.#guarded(() => prepared.run(...parameters)),
      iterate: (...parameters) => this.#iterate(prepared, parameters),
    };
  }

  *#iterate(prepared: PreparedStatement, parameters: readonly unknown[]): IterableIterator<unknown> {
    const rows = this.#guarded(() => prepared.iterate(...parameters));
    try {
      for (;;) {
        const next = this.#guarded(() => rows.next());
        if (next.done) return;
        yield next.value;
      }
    } finally {
      rows.return?.();
    }
  }

  #guarded<T>(work: () => T): T {
    if (this.#failure !== null) throw this.#failure;
    try {
      return work();
    } catch (error) {
      const translated = storeError(error, this.file);
      if (isFailedSync(error)) this.#failure = translated as FalajError;
      throw translated;
    }
  }
}
