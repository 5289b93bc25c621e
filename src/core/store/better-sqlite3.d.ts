/**
 * The part of better-sqlite3-multiple-ciphers that the store uses. The package ships types, but its export map hides them
 * from the compiler.
 */
declare module 'better-sqlite3' {
  /** A driver error; `code` is the extended SQLite code, such as `SQLITE_CONSTRAINT_UNIQUE`. */
  export class SqliteError extends Error {
    readonly code: string;
  }

  export interface RunResult {
    readonly changes: number;
    readonly lastInsertRowid: number | bigint;
  }

  export interface PreparedStatement {
    run(...parameters: readonly unknown[]): RunResult;
    get(...parameters: readonly unknown[]): unknown;
    all(...parameters: readonly unknown[]): unknown[];
    iterate(...parameters: readonly unknown[]): IterableIterator<unknown>;
    pluck(toggle?: boolean): this;
  }

  export interface DatabaseOptions {
    readonly readonly?: boolean;
    readonly fileMustExist?: boolean;
    readonly timeout?: number;
  }

  export default class Database {
    static readonly SqliteError: typeof SqliteError;
    constructor(file: string, options?: DatabaseOptions);
    readonly open: boolean;
    readonly inTransaction: boolean;
    prepare(sql: string): PreparedStatement;
    exec(sql: string): this;
    /** Sets the key; the bytes are text: `raw:` and 64 hexadecimal digits. */
    key(key: Buffer): number;
    pragma(source: string, options?: { readonly simple?: boolean }): unknown;
    close(): this;
  }
}
