import os from 'node:os';
import type { Readable } from 'node:stream';
import { FalajError, isFalajError } from '../../../shared/errors.ts';
import type { ColumnSchema, ColumnType } from '../../../shared/table/column.ts';
import type { ChildExit, IsolatedChild } from '../../processes/index.ts';
import { ReusedWorkspace, toLogical, type Workspace } from '../duckdb/logical.ts';
import { type WireType, wireArray, wireBytes } from '../duckdb/wire.ts';
import { groupRows } from '../segment/group-rows.ts';
import type { RowGroup } from '../segment/writer.ts';
import { type ChildInput, feedChild, type RemoteBytes } from './child-input.ts';
import type { DatabaseSelection } from './database-selection.ts';
import {
  assertUnchanged,
  assertWholeParquet,
  type ForeignFile,
  inspectFile,
  readableFormat,
  type TableFormat,
} from './foreign-file.ts';
import type { FrameHead } from './frame-head.ts';
import { type DatabaseFormat, paddedBytes, type ReadRequest } from './frames.ts';
import { type Frame, readFrames } from './protocol.ts';
import { asErrorCode } from './read-failure.ts';
import { CHILD_MEMORY_BYTES, type StartReader, startReader } from './reader-processes.ts';

const DUCKDB_MEMORY_BYTES = 805_306_368;
const TIME_LIMIT_MS = 6 * 3_600_000;
/** A body is small and there when its reading begins. */
const PIPED_TIME_LIMIT_MS = 5 * 60_000;
const MAX_TEXT_BYTES = 2 ** 28;

export interface ReadOptions {
  readonly files: readonly string[];
  readonly format?: TableFormat | undefined;
  /** Only these of the files' own columns. */
  readonly columns?: readonly string[] | undefined;
  /** Columns of a text file that are read as text, whatever their values look like. */
  readonly texts?: readonly string[] | undefined;
  readonly every?: number;
  readonly derive?: readonly { readonly name: string; readonly expression: string }[];
  /** Columns whose times must not lose digits. */
  readonly exactTimes?: readonly string[] | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: { rowsRead: number; expectedRows: number | null }) => void) | undefined;
  readonly memoryLimitBytes?: number;
  readonly timeLimitMs?: number;
  /** Where the process comes from; a new one unless said. */
  readonly start?: StartReader | undefined;
  /** Work that begins once the process has been asked to read, and goes first: rows are taken after it. It never fails. */
  readonly meanwhile?: (() => Promise<void>) | undefined;
}

/** Rows of foreign files while they are being read by the isolated child. */
export interface ForeignTable {
  readonly schema: readonly ColumnSchema[];
  readonly groups: AsyncIterable<RowGroup>;
  /** Where the format tells, which may be wrong. */
  readonly expectedRows: number | null;
  /** What the reader did that a person should know; complete once the groups have ended. */
  readonly notes: readonly string[];
}

/**
 * Opens the files in an isolated child and hands their rows to `use`. When types guessed from the first lines do not hold
 * for the rest, `use` is called a second time with types from the whole file, so it must keep nothing of a failed call.
 */
export async function readFiles<Result>(
  options: ReadOptions,
  use: (table: ForeignTable) => Promise<Result>,
): Promise<Result> {
  const files: ForeignFile[] = [];
  for (const file of options.files) files.push(await inspectFile(file));
  const format = readableFormat(options.files[0]!, options.format);
  if (format === 'parquet') for (const file of files) await assertWholeParquet(file);
  const paths = files.map((file) => file.path);
  const request = requestOf(options, { ...NOTHING, files: paths, format });
  const attempt = async (wholeFileTypes: boolean): Promise<Result> => {
    const result = await readOnce({ ...request, wholeFileTypes }, options, use);
    for (const file of files) await assertUnchanged(file);
    return result;
  };
  return twiceIfNeeded(attempt);
}

async function twiceIfNeeded<Result>(attempt: (wholeFileTypes: boolean) => Promise<Result>): Promise<Result> {
  try {
    return await attempt(false);
  } catch (error) {
    if (error instanceof TypesChanged) return attempt(true);
    throw error;
  }
}

/** Like `readFiles` for an Arrow stream that is still arriving: its bytes go to the child and nowhere else. */
export async function readPiped<Result>(
  options: Omit<ReadOptions, 'files' | 'format'> & { readonly input: Readable },
  use: (table: ForeignTable) => Promise<Result>,
): Promise<Result> {
  const limited = { timeLimitMs: PIPED_TIME_LIMIT_MS, ...options };
  try {
    return await readOnce(requestOf(limited, { ...NOTHING, piped: true, format: 'arrow' }), limited, use);
  } catch (error) {
    throw isFalajError(error) && ENDED_BY_ITS_INPUT.has(error.code) ? unreadable(error) : error;
  }
}

/** How a reader ends that damaged lengths lead astray: it waits, grows or breaks. The engine has no fault in that. */
const ENDED_BY_ITS_INPUT: ReadonlySet<string> = new Set(['TIMED_OUT', 'OUT_OF_MEMORY', 'CHILD_FAILED']);

const unreadable = (cause: FalajError): FalajError =>
  new FalajError('MALFORMED_FILE', 'The data could not be read as Arrow.', {
    hint: 'It is damaged, or unpacked it is larger than memory allows: send it in parts.',
    cause,
  });

/** Like `readFiles` for a table or query of a database file, of which the child sees one consistent state. */
export async function readDatabase<Result>(
  options: Omit<ReadOptions, 'files' | 'format'> & {
    readonly file: string;
    readonly format: DatabaseFormat;
    readonly selection: DatabaseSelection;
  },
  use: (table: ForeignTable) => Promise<Result>,
): Promise<Result> {
  const { path: file } = await inspectFile(options.file);
  return readOnce(
    requestOf(options, { ...NOTHING, files: [file], format: options.format, selection: options.selection }),
    options,
    use,
  );
}

/** Like `readFiles` for files elsewhere: the child asks for ranges of them, and nothing of them is put on disk. */
export function readRemote<Result>(
  options: Omit<ReadOptions, 'files' | 'format'> & {
    readonly remote: readonly RemoteBytes[];
    readonly format: TableFormat;
  },
  use: (table: ForeignTable) => Promise<Result>,
): Promise<Result> {
  const remote = options.remote.map(({ name, sizeBytes }) => ({ name, sizeBytes }));
  const request = requestOf(options, { ...NOTHING, remote, format: options.format });
  return twiceIfNeeded((wholeFileTypes) => readOnce({ ...request, wholeFileTypes }, options, use));
}

type Source = Pick<ReadRequest, 'files' | 'remote' | 'piped' | 'format' | 'selection'>;

const NOTHING: Omit<Source, 'format'> = { files: [], remote: null, piped: false, selection: null };

function requestOf(options: Omit<ReadOptions, 'files' | 'format'>, source: Source): ReadRequest {
  return {
    ...source,
    columns: options.columns === undefined ? null : [...options.columns],
    texts: [...(options.texts ?? [])],
    every: options.every ?? 1,
    derive: [...(options.derive ?? [])],
    exactTimes: [...(options.exactTimes ?? [])],
    wholeFileTypes: false,
    memoryLimitBytes: Math.min(DUCKDB_MEMORY_BYTES, Math.floor(os.totalmem() / 4)),
    // One thread decodes Parquet faster than its rows are taken; parsing text is worth more.
    threads: source.format === 'parquet' ? 1 : Math.min(8, os.availableParallelism()),
  };
}

/** The types of the first lines do not hold for the rest. */
class TypesChanged extends Error {}

async function readOnce<Result>(
  request: ReadRequest,
  options: Omit<ReadOptions, 'files' | 'format'> & ChildInput,
  use: (table: ForeignTable) => Promise<Result>,
): Promise<Result> {
  const start: StartReader = options.start ?? startReader;
  const child = start({
    // Parquet is opened by DuckDB alone, by its own list of files.
    readable: request.format === 'parquet' ? [] : request.files,
    memoryLimitBytes: options.memoryLimitBytes ?? CHILD_MEMORY_BYTES,
    timeLimitMs: options.timeLimitMs ?? TIME_LIMIT_MS,
    piped: request.piped,
    signal: options.signal,
  });
  const feeding = feedChild(child, options);
  let hasBegun = false;
  try {
    child.send(request);
    const meanwhile = options.meanwhile?.();
    const frames = answers(child);
    const first = await frames.next();
    if (first.done === true || first.value.head.kind !== 'schema') throw unexpectedEnd(await child.exited);
    hasBegun = true;
    const schema = first.value.head;
    // A process that ends, such as by cancelling, is not waited for.
    await Promise.race([meanwhile, child.exited]);
    const notes: string[] = [];
    const result = await use({
      schema: schema.columns.map(({ name, type }) => ({ name, type })),
      groups: rowGroups(frames, schema, options, notes),
      expectedRows: schema.expectedRows,
      notes,
    });
    // It has said all there is; nobody need wait until it is gone.
    child.kill();
    return result;
  } catch (error) {
    child.kill();
    await child.exited;
    // One that has waited may have ended as it was taken, which says nothing of the file.
    if (child.hasWaited === true && !hasBegun && isFalajError(error) && error.code === 'CHILD_FAILED')
      return readOnce(request, { ...options, start: startReader }, use);
    // What stopped the input is the cause; that the child then met a cut-off stream is not.
    throw feeding.failure ?? error;
  }
}

/** The child's frames; a child that ends without saying how the reading ended has failed. */
async function* answers(child: IsolatedChild): AsyncGenerator<Frame> {
  let ended = false;
  try {
    for await (const frame of readFrames(child.stdout)) {
      if (frame.head.kind === 'error') throw refusal(frame.head);
      ended ||= frame.head.kind === 'end';
      // It has said all: it goes while its last rows are still being kept.
      if (ended) child.kill();
      yield frame;
      if (ended) return;
    }
  } catch (error) {
    if (error instanceof TypesChanged || (isFalajError(error) && error.code !== 'CHILD_FAILED')) throw error;
    child.kill();
    const exit = await child.exited;
    throw exit.killedFor === null || exit.killedFor === 'cancel' ? error : unexpectedEnd(exit);
  }
  throw unexpectedEnd(await child.exited);
}

function refusal(head: Extract<FrameHead, { kind: 'error' }>): Error {
  if (head.retryWholeFile) return new TypesChanged(head.message);
  return new FalajError(asErrorCode(head.code), head.message, { hint: head.hint });
}

function unexpectedEnd(exit: ChildExit): FalajError {
  switch (exit.killedFor) {
    case 'memory':
      return new FalajError('OUT_OF_MEMORY', 'Reading the file needed more memory than it may have.', {
        hint: 'Split the file, or convert it to Parquet with smaller row groups.',
      });
    case 'time':
      return new FalajError('TIMED_OUT', 'Reading the file took too long.', { hint: 'Split the file.' });
    case 'cancel':
      return new FalajError('CANCELLED', 'The reading was stopped.');
    default:
      return new FalajError('CHILD_FAILED', 'The process that reads files ended unexpectedly.', {
        hint: 'The file may be damaged. Convert it to another format and try again.',
        details: { exitCode: exit.code, signal: exit.signal },
      });
  }
}

async function* rowGroups(
  frames: AsyncGenerator<Frame>,
  schema: Extract<FrameHead, { kind: 'schema' }>,
  options: Pick<ReadOptions, 'signal' | 'onProgress'>,
  notes: string[],
): AsyncGenerator<RowGroup> {
  const dictionarySizes = schema.columns.map(() => 0);
  const workspaces = schema.columns.map(() => new ReusedWorkspace());
  const wholeGroup = groupRows(schema.columns.length);
  let ended = false;
  for await (const { head, payload } of frames) {
    options.signal?.throwIfAborted();
    if (head.kind === 'rows' || head.kind === 'progress') {
      options.onProgress?.({ rowsRead: head.rowsRead, expectedRows: schema.expectedRows });
    }
    if (head.kind === 'rows') {
      // Only the last group may be short: the content digest is made of groups.
      if (ended || head.rows > wholeGroup) throw malformedGroup();
      ended = head.rows < wholeGroup;
      yield parseGroup(schema.columns, head, payload, { dictionarySizes, workspaces });
    }
    if (head.kind === 'end') notes.push(...head.notes);
  }
}

/** Lays columns over a frame's payload, checking every length and every dictionary code. */
function parseGroup(
  columns: readonly ColumnSchema[],
  head: Extract<FrameHead, { kind: 'rows' }>,
  payload: Uint8Array,
  { dictionarySizes, workspaces }: { dictionarySizes: number[]; workspaces: readonly Workspace[] },
): RowGroup {
  if (head.columns.length !== columns.length) throw malformedGroup();
  let offset = 0;
  const take = (length: number): number => {
    const at = offset;
    offset += paddedBytes(length);
    if (offset > payload.byteLength) throw malformedGroup();
    return at;
  };
  return {
    rows: head.rows,
    columns: columns.map((column, index) => {
      const part = head.columns[index]!;
      const { wire: form } = part;
      if (!WIRES[column.type].includes(form)) throw malformedGroup();
      if (part.valueBytes !== head.rows * wireBytes(form)) throw malformedGroup();
      if (part.validityBytes !== 0 && part.validityBytes !== head.rows) throw malformedGroup();
      const wire = wireArray(form, payload.buffer, take(part.valueBytes), head.rows);
      const validityAt = take(part.validityBytes);
      const validity =
        part.validityBytes === 0
          ? null
          : checkedValidity(new Uint8Array(payload.buffer, validityAt, head.rows));
      const fresh = parseDictionary(payload, take(part.dictionaryBytes), part.dictionaryBytes);
      const values = toLogical(column.name, column.type, wire, validity, workspaces[index]);
      if (values instanceof Uint32Array) {
        dictionarySizes[index] = dictionarySizes[index]! + fresh.length;
        assertCodes(values, validity, dictionarySizes[index]!);
      }
      return { values, validity, fresh };
    }),
  };
}

/** Null when every row is present, so that equal content looks the same. */
function checkedValidity(validity: Uint8Array): Uint8Array | null {
  let present = 0;
  for (let row = 0; row < validity.length; row++) {
    if (validity[row]! > 1) throw malformedGroup();
    present += validity[row]!;
  }
  return present === validity.length ? null : validity;
}

function parseDictionary(payload: Uint8Array, at: number, length: number): string[] {
  if (length > MAX_TEXT_BYTES) {
    throw new FalajError('OUT_OF_MEMORY', 'A text column has too many different long values.', {
      hint: 'Leave the column out, or shorten its values.',
    });
  }
  const bytes = Buffer.from(payload.buffer, at, length);
  const entries: string[] = [];
  for (let offset = 0; offset < length; ) {
    if (offset + 4 > length) throw malformedGroup();
    const size = bytes.readUInt32LE(offset);
    if (offset + 4 + size > length) throw malformedGroup();
    entries.push(bytes.toString('utf8', offset + 4, offset + 4 + size));
    offset += 4 + size;
  }
  return entries;
}

function assertCodes(codes: Uint32Array, validity: Uint8Array | null, size: number): void {
  for (let row = 0; row < codes.length; row++) {
    if (codes[row]! >= size && (validity === null || validity[row] === 1)) throw malformedGroup();
  }
}

const WIRES: Readonly<Record<ColumnType, readonly WireType[]>> = {
  bool: ['u8'],
  string: ['u8', 'u16', 'u32'],
  float64: ['f64'],
  date: ['i32'],
  timestamp: ['i64'],
  int64: ['u8', 'i8', 'u16', 'i16', 'u32', 'i32', 'i64'],
};

const malformedGroup = (): FalajError =>
  new FalajError('CHILD_FAILED', 'The process that reads files answered with rows that make no sense.', {
    hint: 'The file may be damaged. Convert it to another format and try again.',
  });
