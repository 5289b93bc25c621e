import type duckdb from '@duckdb/node-bindings';
import bindings from '@duckdb/node-bindings';
import { FalajError } from '../../../shared/errors.ts';
import { DuckSession } from '../duckdb/session.ts';
import { sqlText } from '../duckdb/sql-text.ts';
import { planColumn, type ReadPlan } from '../duckdb/wire.ts';
import { type CsvShape, csvShape } from './csv-shape.ts';
import { type DescribedColumn, derivedPlans, describeQuery } from './derived-plans.ts';
import { exactSql } from './exact-times.ts';
import type { ReadRequest } from './frames.ts';
import type { RowSource } from './row-source.ts';

/** Bytes of one line or one JSON object at most: more is a defect of the file, and would have to fit in memory. */
const MAX_LINE_BYTES = 2_097_152;

/** Foreign files as one stream of typed chunks, with derived columns. */
export class TableSource implements RowSource {
  readonly plans: readonly ReadPlan[];
  readonly expectedRows: number | null;
  readonly notes: readonly string[];
  readonly #session: DuckSession;
  readonly #from: string;

  private constructor(
    session: DuckSession,
    from: string,
    plans: readonly ReadPlan[],
    expectedRows: number | null,
    notes: readonly string[],
  ) {
    this.#session = session;
    this.#from = from;
    this.plans = plans;
    this.expectedRows = expectedRows;
    this.notes = notes;
  }

  get columnNames(): string[] {
    return this.plans.map((plan) => plan.name);
  }

  static async open(request: ReadRequest): Promise<TableSource> {
    const shape =
      request.format === 'csv' || request.format === 'tsv'
        ? await csvShape(request.files, request.format)
        : null;
    const session = await DuckSession.open({
      memoryLimitBytes: request.memoryLimitBytes,
      threads: request.threads,
      allowedPaths: [...request.files, ...request.files.map(literally)],
    });
    const from = fromClause(request, shape);
    const own = await describeColumns(session, request, shape, from);
    const zoned = await zonedNanoseconds(session, request);
    const notes = own
      .filter(
        ({ name, type }) =>
          zoned.has(name) || (type === 'TIMESTAMP_NS' && !request.exactTimes.includes(name)),
      )
      .map((column) => `Column "${column.name}": nanoseconds were cut to microseconds.`);
    if (shape?.encoding === 'latin-1') notes.push('The text is not UTF-8; it was read as Latin-1.');
    const kept =
      request.columns === null ? own : own.filter((column) => request.columns!.includes(column.name));
    const plans = kept.map((column) => planColumn(column.name, column.type, exactSql(column, request)));
    plans.push(
      ...(await derivedPlans(
        session,
        request,
        from,
        own.map((column) => column.name),
      )),
    );
    return new TableSource(session, from, plans, await expectedRows(session, request), notes);
  }

  async *chunks(): AsyncGenerator<{ chunk: duckdb.DataChunk; size: number }> {
    const sql = `SELECT ${this.plans.map((plan) => plan.sql).join(', ')} FROM ${this.#from}`;
    for await (const chunk of this.#session.stream(sql)) {
      yield { chunk, size: bindings.data_chunk_get_size(chunk) };
    }
  }
}

async function describeColumns(
  session: DuckSession,
  request: ReadRequest,
  shape: CsvShape | null,
  from: string,
): Promise<DescribedColumn[]> {
  try {
    return await describeQuery(session, `SELECT * FROM ${from}`);
  } catch (error) {
    // The detection of types says little about what is wrong; reading everything as text names the line.
    if (shape !== null) await session.run(`SELECT count(*) FROM ${asTextClause(request, shape)}`);
    throw error;
  }
}

/** Columns of Parquet files with times in UTC and nanoseconds: DuckDB has no type for them and cuts them itself. */
async function zonedNanoseconds(session: DuckSession, request: ReadRequest): Promise<ReadonlySet<string>> {
  if (request.format !== 'parquet') return new Set();
  const rows = await session.texts(
    `SELECT DISTINCT name FROM parquet_schema(${fileList(request.files)})
     WHERE logical_type LIKE '%isAdjustedToUTC=1%NANOS=NanoSeconds%'`,
  );
  return new Set(rows.map(([name]) => name!));
}

async function expectedRows(session: DuckSession, request: ReadRequest): Promise<number | null> {
  if (request.format !== 'parquet') return null;
  const [[rows]] = (await session.texts(
    `SELECT CAST(sum(num_rows) AS VARCHAR) FROM parquet_file_metadata(${fileList(request.files)})`,
  )) as [[string | null]];
  return rows === null ? null : Number(rows);
}

/** A path as a pattern that matches itself alone: DuckDB takes brackets and question marks for patterns. */
const literally = (file: string): string => file.replace(/[[?]/g, '[$&]');

const fileList = (files: readonly string[]): string =>
  `[${files.map((file) => sqlText(literally(file))).join(', ')}]`;

function fromClause(request: ReadRequest, shape: CsvShape | null): string {
  const files = fileList(request.files);
  if (shape !== null)
    return `read_csv(${files}, ${csvOptions(shape)}${textTypes(request, shape)}, sample_size = ${request.wholeFileTypes ? -1 : 20_480})`;
  if (request.format === 'parquet') return `read_parquet(${files})`;
  if (request.format === 'ndjson') {
    const sample = request.wholeFileTypes ? -1 : 20_480;
    return `read_json(${files}, format = 'newline_delimited', records = 'true', maximum_object_size = ${MAX_LINE_BYTES}, sample_size = ${sample})`;
  }
  throw new FalajError('UNSUPPORTED_FORMAT', `Files of format "${request.format}" cannot be read.`);
}

/** Digits in a column of text, such as "007", must not become numbers. */
function textTypes({ texts }: ReadRequest, { header }: CsvShape): string {
  const types = texts.filter((name) => header.includes(name)).map((name) => `${sqlText(name)}: 'VARCHAR'`);
  return types.length === 0 ? '' : `, types = {${types.join(', ')}}`;
}

const csvOptions = (shape: CsvShape): string =>
  [
    `delim = ${sqlText(shape.delimiter)}`,
    `quote = '"'`,
    `escape = '"'`,
    `comment = ''`,
    'header = true',
    // Else the detection skips lines at the top that do not fit the rest.
    'skip = 0',
    'strict_mode = true',
    'null_padding = false',
    'ignore_errors = false',
    `encoding = ${sqlText(shape.encoding)}`,
    `max_line_size = ${MAX_LINE_BYTES}`,
  ].join(', ');

function asTextClause(request: ReadRequest, shape: CsvShape): string {
  const columns = shape.header.map((_, index) => `'column${index}': 'VARCHAR'`).join(', ');
  return `read_csv(${fileList(request.files)}, ${csvOptions(shape)}, auto_detect = false, columns = {${columns}})`;
}
