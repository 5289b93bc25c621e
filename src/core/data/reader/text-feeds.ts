import { createInterface } from 'node:readline';
import { Readable } from 'node:stream';
import { type CsvError, parse } from 'csv-parse';
import { FalajError } from '../../../shared/errors.ts';
import type { ColumnType } from '../../../shared/table/column.ts';
import type { PlainValue } from '../build-column.ts';
import { isWholeDay, parseTime } from '../parse-time.ts';
import type { TableFeed } from './fed-source.ts';
import { type JudgedRows, judgedFeed } from './judged-feed.ts';

/** Bytes of one line at most: more is a defect of the file, and would have to fit in memory. */
const MAX_LINE_BYTES = 2_097_152;
const WHOLE = /^[+-]?\d{1,18}$/;
const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$|^nan$|^[+-]?inf(inity)?$/i;
const TRUTH = /^(true|false)$/i;

/** A text that is still arriving, with the name that errors give it. */
export interface TextSource {
  readonly name: string;
  blocks(): AsyncIterable<Uint8Array>;
}

const misfitHint = (column: string): string =>
  `Types are judged from the first rows. Give "${column}" values of one type, or convert the file to Parquet.`;

export interface CsvFeedOptions {
  readonly delimiter: string;
  /** Columns that are text, whatever their values look like. */
  readonly texts: readonly string[];
  /** Types are judged from all rows, not from the first. */
  readonly wholeFileTypes: boolean;
}

/** Delimited text with one header line each, all of the same columns. */
export async function openCsvFeed(
  sources: readonly TextSource[],
  { delimiter, texts, wholeFileTypes }: CsvFeedOptions,
): Promise<TableFeed> {
  const first = records(sources[0]!, delimiter);
  const header = await first.next();
  if (header.done === true) throw new FalajError('NO_ROWS', `"${sources[0]!.name}" is empty.`);
  const names = header.value;
  async function* rowsOf(some: readonly TextSource[]): AsyncGenerator<string[]> {
    for (const source of some) {
      const next = records(source, delimiter);
      const own = await next.next();
      if (own.done === true || own.value.join('\n') !== names.join('\n')) throw otherColumns(source.name);
      yield* next;
    }
  }
  return judgedFeed<string>({
    names,
    rows: (async function* () {
      yield* first;
      yield* rowsOf(sources.slice(1));
    })(),
    judged: wholeFileTypes ? rowsOf(sources) : undefined,
    // Digits in a column of text, such as "007", must not become numbers.
    judge: (index, values) =>
      texts.includes(names[index]!) ? 'string' : judgeText(values.filter((value) => value !== '')),
    convert: (value, type) => (value === '' ? null : fromText(value, type)),
    misfitHint,
  });
}

async function* records({ name, blocks }: TextSource, delimiter: string): AsyncGenerator<string[]> {
  const parser = parse({
    delimiter,
    bom: true,
    // Every line may end in its own way; by itself the parser takes the first line's end for all.
    record_delimiter: ['\r\n', '\n', '\r'],
    skip_empty_lines: true,
    max_record_size: MAX_LINE_BYTES,
  });
  try {
    for await (const record of Readable.from(blocks()).pipe(parser)) yield record as string[];
  } catch (error) {
    const line = (error as Partial<CsvError>)['lines'];
    throw new FalajError(
      'MALFORMED_FILE',
      `${line === undefined ? 'A line' : `Line ${String(line)}`} of "${name}" does not follow the rules of CSV.`,
      { hint: 'Correct the line, or export the table again.', cause: error },
    );
  }
}

/** Lines of JSON objects; the first rows' keys are the columns. */
export async function openJsonFeed(
  sources: readonly TextSource[],
  { wholeFileTypes }: { readonly wholeFileTypes: boolean },
): Promise<TableFeed> {
  async function* all(): AsyncGenerator<Record<string, unknown>> {
    for (const source of sources) yield* jsonLines(source);
  }
  const objects = all();
  const ahead: Record<string, unknown>[] = [];
  const names = new Set<string>();
  while (ahead.length < 1_000) {
    const next = await objects.next();
    if (next.done === true) break;
    ahead.push(next.value);
    for (const name of Object.keys(next.value)) names.add(name);
  }
  const columns = [...names];
  if (columns.length === 0) throw new FalajError('NO_ROWS', `"${sources[0]!.name}" has no rows.`);
  const values = (object: Record<string, unknown>): unknown[] => columns.map((name) => object[name] ?? null);
  const source: JudgedRows<unknown> = {
    names: columns,
    rows: (async function* () {
      yield* ahead.map(values);
      for await (const object of objects) yield values(object);
    })(),
    judged: wholeFileTypes
      ? (async function* () {
          for await (const object of all()) yield values(object);
        })()
      : undefined,
    judge: (_index, found) => judgeJson(found.filter((value) => value !== null)),
    convert: fromJson,
    misfitHint,
  };
  return judgedFeed(source);
}

async function* jsonLines({ name, blocks }: TextSource): AsyncGenerator<Record<string, unknown>> {
  let number = 0;
  for await (const line of createInterface({
    input: Readable.from(blocks()),
    crlfDelay: Number.POSITIVE_INFINITY,
  })) {
    number++;
    if (line.trim() === '') continue;
    const object = line.length > MAX_LINE_BYTES ? null : parseObject(line);
    if (object !== null) {
      yield object;
      continue;
    }
    throw new FalajError('MALFORMED_FILE', `Line ${number} of "${name}" is not one JSON object.`, {
      hint: 'Every line must be one JSON object.',
    });
  }
}

function parseObject(line: string): Record<string, unknown> | null {
  let parsed: unknown;
  try {
    parsed = JSON.parse(line);
  } catch {
    return null; // told by the caller, who knows the line
  }
  return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)
    ? (parsed as Record<string, unknown>)
    : null;
}

function judgeText(values: readonly string[]): ColumnType | null {
  if (values.length === 0) return null;
  if (values.every((value) => WHOLE.test(value))) return 'int64';
  if (values.every((value) => NUMBER.test(value))) return 'float64';
  if (values.every((value) => TRUTH.test(value))) return 'bool';
  return judgeTimes(values);
}

function judgeTimes(values: readonly string[]): ColumnType {
  const times = values.map(parseTime);
  if (times.includes(null)) return 'string';
  return values.every((value, index) => value.length === 10 && isWholeDay(times[index]!))
    ? 'date'
    : 'timestamp';
}

function fromText(text: string, type: ColumnType): PlainValue | undefined {
  switch (type) {
    case 'string':
      return text;
    case 'int64':
      return WHOLE.test(text) ? BigInt(text.replace('+', '')) : undefined;
    case 'float64':
      return NUMBER.test(text) ? Number(text.replace(/inf(inity)?/i, 'Infinity')) : undefined;
    case 'bool':
      return TRUTH.test(text) ? text.toLowerCase() === 'true' : undefined;
    default:
      return parseTime(text) ?? undefined;
  }
}

function judgeJson(values: readonly unknown[]): ColumnType | null {
  if (values.length === 0) return null;
  if (values.every((value) => typeof value === 'boolean')) return 'bool';
  if (values.every((value) => typeof value === 'number'))
    return values.every((value) => Number.isSafeInteger(value)) ? 'int64' : 'float64';
  if (values.every((value) => typeof value === 'string')) return judgeTimes(values as string[]);
  return 'string';
}

function fromJson(value: unknown, type: ColumnType): PlainValue | undefined {
  if (value === null) return null;
  switch (type) {
    case 'string':
      return typeof value === 'string' ? value : JSON.stringify(value);
    case 'bool':
      return typeof value === 'boolean' ? value : undefined;
    case 'int64':
      return Number.isSafeInteger(value) ? (value as number) : undefined;
    case 'float64':
      return typeof value === 'number' ? value : undefined;
    default:
      return typeof value === 'string' ? (parseTime(value) ?? undefined) : undefined;
  }
}

const otherColumns = (name: string): FalajError =>
  new FalajError('TYPE_MISMATCH', `"${name}" has other columns than the first file.`, {
    hint: 'Files that are imported together need the same columns, in the same order.',
  });
