import { Client, type QueryResult } from 'pg';
import Cursor from 'pg-cursor';
import type { Table } from '../../shared/table/column.ts';
import { buildColumn, type DatabaseSelection, selectStatement } from '../data/index.ts';
import type { PostgresTarget } from './connection-table.ts';
import { postgresError } from './postgres-error.ts';
import { type PostgresColumn, parsePostgresValue, planPostgresColumn } from './postgres-types.ts';

type TextRow = readonly (string | null)[];

const CONNECT_WITHIN_MS = 10_000;
const STATEMENT_LIMIT_MS = 3_600_000;
const BATCH_ROWS = 10_000;
/** As text, so that what becomes of each type is decided here alone. */
const AS_TEXT = { getTypeParser: () => (text: string) => text };

/** What a selection gives: its columns at once, its rows as they are taken. */
export interface PostgresRows {
  readonly columns: readonly PostgresColumn[];
  readonly tables: AsyncGenerator<Table>;
}

/** One transaction that can only read, on one state of the database. Everything it throws is for a person. */
export class PostgresSession {
  readonly #client: Client;
  readonly #target: PostgresTarget;
  readonly #signal: AbortSignal;
  readonly #onAbort = (): void => void this.close();

  private constructor(client: Client, target: PostgresTarget, signal: AbortSignal) {
    this.#client = client;
    this.#target = target;
    this.#signal = signal;
    signal.addEventListener('abort', this.#onAbort, { once: true });
    // A connection that breaks between two statements is told by the next one.
    client.on('error', () => undefined);
  }

  static async open(
    target: PostgresTarget,
    password: string | null,
    signal: AbortSignal,
  ): Promise<PostgresSession> {
    signal.throwIfAborted();
    const client = new Client({
      host: target.host,
      port: target.port,
      database: target.database,
      user: target.user,
      // A function, so that neither the surroundings nor a file of the person's is asked for one.
      password: () => password ?? '',
      ssl: secured(target),
      connectionTimeoutMillis: CONNECT_WITHIN_MS,
      statement_timeout: STATEMENT_LIMIT_MS,
      application_name: 'falaj',
      options: '-c default_transaction_read_only=on -c DateStyle=ISO -c TimeZone=UTC -c extra_float_digits=3',
    });
    const session = new PostgresSession(client, target, signal);
    try {
      await session.#told(client.connect());
      await session.#told(client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY'));
      return session;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  /** The tables and views that may be read; those of the usual schema by their names alone. */
  async tables(): Promise<string[]> {
    const result = await this.#told(
      this.#client.query<{ name: string }>(
        `SELECT CASE n.nspname WHEN 'public' THEN c.relname ELSE n.nspname || '.' || c.relname END AS name
         FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
         WHERE c.relkind IN ('r', 'v', 'm', 'p', 'f') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
           AND has_table_privilege(c.oid, 'SELECT') ORDER BY 1`,
      ),
    );
    return result.rows.map(({ name }) => name);
  }

  async rows(selection: DatabaseSelection): Promise<PostgresRows> {
    const known = 'query' in selection ? [] : await this.tables();
    // The usual schema may be named, too.
    const named = 'query' in selection ? selection : { table: selection.table.replace(/^public\./, '') };
    const cursor = this.#client.query(
      new Cursor<TextRow>(selectStatement(named, known), [], { rowMode: 'array', types: AS_TEXT }),
    );
    const first = await this.#next(cursor);
    const columns = first.result.fields.map(planPostgresColumn);
    const next = (): Promise<TextRow[]> => this.#next(cursor).then(({ rows }) => rows);
    return {
      columns,
      tables: (async function* () {
        for (let rows = first.rows; rows.length > 0; rows = await next()) yield toTable(columns, rows);
      })(),
    };
  }

  /** Nothing was written, so there is nothing to finish: the server drops the transaction with the connection. */
  async close(): Promise<void> {
    this.#signal.removeEventListener('abort', this.#onAbort);
    await this.#client.end().catch(() => undefined);
  }

  #next(cursor: Cursor<TextRow>): Promise<{ rows: TextRow[]; result: QueryResult }> {
    return this.#told(
      new Promise((resolve, reject) => {
        const onEnd = (): void => reject(new Error('Connection terminated'));
        this.#client.once('end', onEnd);
        cursor.read(BATCH_ROWS, (error, rows, result) => {
          this.#client.off('end', onEnd);
          if (error) reject(error);
          else resolve({ rows, result });
        });
      }),
    );
  }

  async #told<Result>(work: Promise<Result>): Promise<Result> {
    try {
      return await work;
    } catch (error) {
      this.#signal.throwIfAborted();
      throw postgresError(error, this.#target);
    }
  }
}

function secured(target: PostgresTarget): false | { rejectUnauthorized: true; ca?: string } {
  if (target.tls === 'off' || target.host.startsWith('/')) return false;
  return {
    rejectUnauthorized: true,
    ...(target.certificates === undefined ? {} : { ca: target.certificates }),
  };
}

const toTable = (columns: readonly PostgresColumn[], rows: readonly TextRow[]): Table => ({
  rows: rows.length,
  columns: columns.map((column, index) =>
    buildColumn(
      column,
      rows.map((row) => parsePostgresValue(row[index]!, column)),
    ),
  ),
});
