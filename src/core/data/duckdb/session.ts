import duckdb from '@duckdb/node-bindings';
import { sqlText } from './sql-text.ts';

export interface SessionOptions {
  readonly memoryLimitBytes: number;
  readonly threads: number;
  /** The only files that SQL of this session can open. */
  readonly allowedPaths?: readonly string[];
  /** A database to read; without it there is nothing but memory. */
  readonly file?: string;
}

/**
 * DuckDB in memory, closed off: it writes no temporary file, loads no extension, opens no file but the named ones, and its
 * settings cannot be changed by a statement. The raw bindings are used because vectors are copied as bytes, and because
 * they load in half the time.
 */
export class DuckSession {
  readonly #database: duckdb.Database;
  readonly connection: duckdb.Connection;

  private constructor(database: duckdb.Database, connection: duckdb.Connection) {
    this.#database = database;
    this.connection = connection;
  }

  static async open(options: SessionOptions): Promise<DuckSession> {
    const config = duckdb.create_config();
    const settings: Record<string, string> = {
      autoinstall_known_extensions: 'false',
      autoload_known_extensions: 'false',
      temp_directory: '',
      memory_limit: `${Math.floor(options.memoryLimitBytes / 1024)}KiB`,
      threads: String(options.threads),
      ...(options.file === undefined ? {} : { access_mode: 'READ_ONLY' }),
    };
    for (const [name, value] of Object.entries(settings)) duckdb.set_config(config, name, value);
    const database = await duckdb.open(options.file ?? ':memory:', config);
    const session = new DuckSession(database, await duckdb.connect(database));
    const paths = (options.allowedPaths ?? []).map(sqlText).join(', ');
    // The order matters: nothing can be set after the last of these.
    await session.run(
      `SET TimeZone = 'UTC'; SET allowed_paths = [${paths}]; SET enable_external_access = false; SET lock_configuration = true`,
    );
    return session;
  }

  async run(sql: string): Promise<duckdb.Result> {
    return duckdb.query(this.connection, sql);
  }

  /** Small results as text. */
  async texts(sql: string): Promise<(string | null)[][]> {
    const result = await this.run(sql);
    const rows: (string | null)[][] = [];
    for (let index = 0; index < duckdb.result_chunk_count(result); index++) {
      const chunk = duckdb.result_get_chunk(result, index);
      const size = duckdb.data_chunk_get_size(chunk);
      const columns = Array.from({ length: duckdb.column_count(result) }, (_, column) =>
        readTexts(duckdb.data_chunk_get_vector(chunk, column), size),
      );
      for (let row = 0; row < size; row++) rows.push(columns.map((column) => column[row]!));
    }
    return rows;
  }

  /** Chunks of at most 2,048 rows in the order of the source, decoded as they are asked for. */
  async *stream(sql: string): AsyncGenerator<duckdb.DataChunk> {
    const extracted = await duckdb.extract_statements(this.connection, sql);
    const prepared = await duckdb.prepare_extracted_statement(
      this.connection,
      extracted.extracted_statements,
      0,
    );
    try {
      const result = await duckdb.execute_prepared_streaming(prepared);
      let next = duckdb.fetch_chunk(result);
      for (;;) {
        const chunk = await next;
        if (chunk === null || duckdb.data_chunk_get_size(chunk) === 0) {
          // A statement that fails in the middle gives an empty chunk too: only its result says that it did not end.
          if (duckdb.result_return_type(result) === duckdb.ResultType.INVALID) throw await this.#failure(sql);
          return;
        }
        // The next one is decoded on another thread while this one is taken.
        next = duckdb.fetch_chunk(result);
        next.catch(() => undefined);
        yield chunk;
      }
    } finally {
      duckdb.destroy_prepare_sync(prepared);
    }
  }

  /** Why a streamed statement failed: a streamed result keeps that to itself, one that computes every value says it. */
  async #failure(sql: string): Promise<unknown> {
    try {
      await this.run(`SELECT max(hash(COLUMNS(*))) FROM (${sql})`);
    } catch (error) {
      return error;
    }
    return new Error('The statement stopped before its last row.');
  }

  close(): void {
    duckdb.disconnect_sync(this.connection);
    duckdb.close_sync(this.#database);
  }
}

const STRING_BYTES = 16;
const INLINE_BYTES = 12;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

/** The text of one 16-byte string record: short text lies inside, long text behind a pointer. */
export function readText(records: Uint8Array, row: number): string {
  const at = row * STRING_BYTES;
  const view = new DataView(records.buffer, records.byteOffset + at, STRING_BYTES);
  const length = view.getUint32(0, true);
  return decoder.decode(
    length <= INLINE_BYTES
      ? records.subarray(at + 4, at + 4 + length)
      : duckdb.get_data_from_pointer(records.buffer as ArrayBuffer, records.byteOffset + at + 8, length),
  );
}

function readTexts(vector: duckdb.Vector, size: number): (string | null)[] {
  const validity = duckdb.vector_get_validity(vector, Math.ceil(size / 64) * 8) as Uint8Array | null;
  const records = duckdb.vector_get_data(vector, size * STRING_BYTES);
  return Array.from({ length: size }, (_, row) =>
    validity !== null && ((validity[row >> 3]! >> (row & 7)) & 1) === 0 ? null : readText(records, row),
  );
}
