import type duckdb from '@duckdb/node-bindings';
import bindings from '@duckdb/node-bindings';
import { FalajError } from '../../../shared/errors.ts';
import { DuckSession } from '../duckdb/session.ts';
import { sqlName, sqlText } from '../duckdb/sql-text.ts';
import { planColumn, type ReadPlan } from '../duckdb/wire.ts';
import { type CsvShape, csvShape } from './csv-shape.ts';
import { type DescribedColumn, derivedPlans, describeQuery } from './derived-plans.ts';
import { exactSql } from './exact-times.ts';
import type { ReadRequest } from './frames.ts';
import { columnBeyondInt64, isBeyondInt64 } from './large-integers.ts';
import { clearTimeSql, columnsInNamedZones, isUnclearTime, unclearTime } from './named-zones.ts';
import type { RowSource } from './row-source.ts';

/** Bytes of one line or one JSON object at most: more is a defect of the file, and would have to fit in memory. */
const MAX_LINE_BYTES = 2_097_152;
/** From which types are judged. */
const SAMPLE_ROWS = 20_480;
/** Of tables wider than this each step and thread takes much memory: their times are looked through before they are read. */
const WIDE_COLUMNS = 500;
const ZONED = 'TIMESTAMP WITH TIME ZONE';

/** Foreign files as one stream of typed chunks, with derived columns. */
export class TableSource implements RowSource {
  readonly plans: readonly ReadPlan[];
  readonly expectedRows: number | null;
  readonly notes: readonly string[];
  readonly #session: DuckSession;
  readonly #from: string;
  readonly #unclear: () => Promise<FalajError | null>;
  readonly #tooLarge: () => Promise<FalajError | null>;

  private constructor(
    opened: Omit<RowSource, 'chunks'> & {
      readonly session: DuckSession;
      readonly from: string;
      /** Which time stopped the reading because it may mean two instants, or none. */
      readonly unclear: () => Promise<FalajError | null>;
      /** Which column stopped it because its whole numbers are too large. */
      readonly tooLarge: () => Promise<FalajError | null>;
    },
  ) {
    this.#session = opened.session;
    this.#from = opened.from;
    this.#unclear = opened.unclear;
    this.#tooLarge = opened.tooLarge;
    this.plans = opened.plans;
    this.expectedRows = opened.expectedRows;
    this.notes = opened.notes;
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
      threads: (shape?.header.length ?? 0) > WIDE_COLUMNS ? 1 : request.threads,
      allowedPaths: [...request.files, ...request.files.map(literally)],
    });
    const plain = fromClause(request, shape);
    const detected = await describeColumns(session, request, shape, plain);
    const checked = shape === null ? [] : await zonedTimes(session, request, detected, plain);
    const unclear = () => unclearTime(session, asTextByFile(request, shape!, checked), checked);
    const isWide = checked.length > 0 && detected.length > WIDE_COLUMNS;
    const refused = isWide ? await unclear() : null;
    if (refused !== null) throw refused;
    const zoned = isWide ? [] : checked;
    const own = detected.map((column) => (zoned.includes(column.name) ? { ...column, type: ZONED } : column));
    const texts = zoned.length === 0 ? plain : withTexts(request, shape!, zoned);
    // Expressions need times. Without them the texts are read where they stand.
    const isDerived = request.derive.length > 0;
    const from = isDerived ? withTimes(texts, zoned) : texts;
    const cut = await zonedNanoseconds(session, request);
    const notes = own
      .filter(
        ({ name, type }) => cut.has(name) || (type === 'TIMESTAMP_NS' && !request.exactTimes.includes(name)),
      )
      .map((column) => `Column "${column.name}": nanoseconds were cut to microseconds.`);
    if (shape?.encoding === 'latin-1') notes.push('The text is not UTF-8; it was read as Latin-1.');
    const kept =
      request.columns === null ? own : own.filter((column) => request.columns!.includes(column.name));
    const sqlOf = (column: DescribedColumn): string =>
      zoned.includes(column.name) && !isDerived ? clearTimeSql(column.name) : exactSql(column, request);
    const plans = kept.map((column) => planColumn(column.name, column.type, sqlOf(column)));
    plans.push(
      ...(await derivedPlans(
        session,
        request,
        from,
        own.map((column) => column.name),
      )),
    );
    return new TableSource({
      session,
      from,
      plans,
      unclear,
      tooLarge: () => columnBeyondInt64(session, kept, { from, files: request.files }),
      notes,
      expectedRows: await expectedRows(session, request),
    });
  }

  async *chunks(): AsyncGenerator<{ chunk: duckdb.DataChunk; size: number }> {
    const sql = `SELECT ${this.plans.map((plan) => plan.sql).join(', ')} FROM ${this.#from}`;
    try {
      for await (const chunk of this.#session.stream(sql)) {
        yield { chunk, size: bindings.data_chunk_get_size(chunk) };
      }
    } catch (error) {
      if (isUnclearTime(error)) throw (await this.#unclear()) ?? error;
      if (isBeyondInt64(error)) throw (await this.#tooLarge()) ?? error;
      throw error;
    }
  }
}

/** Columns of times with an offset or the name of a zone; the latter DuckDB detects in the first 2,048 rows only. */
async function zonedTimes(
  session: DuckSession,
  request: ReadRequest,
  detected: readonly DescribedColumn[],
  from: string,
): Promise<string[]> {
  const texts = detected.filter(
    ({ name, type }) =>
      type === 'VARCHAR' && !request.texts.includes(name) && detected.length <= WIDE_COLUMNS,
  );
  const rows = request.wholeFileTypes ? from : `(SELECT * FROM ${from} LIMIT ${SAMPLE_ROWS})`;
  const named = await columnsInNamedZones(
    session,
    texts.map(({ name }) => name),
    rows,
  );
  return detected.filter(({ name, type }) => type === ZONED || named.has(name)).map(({ name }) => name);
}

/** With times in place of their texts. */
function withTimes(from: string, zoned: readonly string[]): string {
  if (zoned.length === 0) return from;
  const times = zoned.map((name) => `${clearTimeSql(name)} AS ${sqlName(name)}`);
  return `(SELECT * REPLACE (${times.join(', ')}) FROM ${from})`;
}

const withTexts = (request: ReadRequest, shape: CsvShape, texts: readonly string[]): string =>
  fromClause({ ...request, texts: [...request.texts, ...texts] }, shape);

const asTextByFile = (request: ReadRequest, shape: CsvShape, texts: readonly string[]): Map<string, string> =>
  new Map(request.files.map((file) => [file, withTexts({ ...request, files: [file] }, shape, texts)]));

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

/** A path as a pattern that matches itself alone: DuckDB takes brackets, stars and question marks for patterns. */
const literally = (file: string): string => file.replace(/[[?*]/g, '[$&]');

const fileList = (files: readonly string[]): string =>
  `[${files.map((file) => sqlText(literally(file))).join(', ')}]`;

function fromClause(request: ReadRequest, shape: CsvShape | null): string {
  const files = fileList(request.files);
  if (shape !== null)
    return `read_csv(${files}, ${csvOptions(shape)}${textTypes(request, shape)}, sample_size = ${request.wholeFileTypes ? -1 : SAMPLE_ROWS})`;
  if (request.format === 'parquet') return `read_parquet(${files})`;
  if (request.format === 'ndjson') {
    const sample = request.wholeFileTypes ? -1 : SAMPLE_ROWS;
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
