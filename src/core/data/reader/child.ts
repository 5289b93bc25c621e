import { createReadStream } from 'node:fs';
import { Socket } from 'node:net';
import path from 'node:path';
import { isFalajError } from '../../../shared/errors.ts';
import { Collector } from '../duckdb/collector.ts';
import { dictionaryBytes } from '../segment/content-digest.ts';
import { groupRows } from '../segment/group-rows.ts';
import { csvShape } from './csv-shape.ts';
import type { TableFeed } from './fed-source.ts';
import type { FrameHead } from './frame-head.ts';
import { encodeHead, paddedBytes, type ReadRequest } from './frames.ts';
import { mayEndDifferently, readFailure } from './read-failure.ts';
import type { RangeAnswer } from './remote-file.ts';
import type { RowSource } from './row-source.ts';
import { TableSource } from './table-source.ts';

/**
 * The isolated process that opens files of unknown origin. It gets one request, answers with frames on standard output and
 * ends. Rows that are not taken yet stay in memory; nothing is written anywhere else.
 */
const PROGRESS_ROWS = 100_000;
/** What may wait for the engine, which has work of its own, while more is read. */
const AHEAD_BYTES = 33_554_432;

// Standard output is a socket pair here. Through a Socket of our own, writes do not block the thread that decodes.
const output = new Socket({ fd: 1, readable: false, writable: true });

const write = async (head: FrameHead, payload: readonly Uint8Array[] = []): Promise<void> => {
  const bytes = payload.reduce((sum, part) => sum + part.byteLength, 0);
  const last = [encodeHead(head, bytes), ...payload].map(
    (part) =>
      new Promise<void>((resolve, reject) =>
        output.write(part, (error) => (error ? reject(error) : resolve())),
      ),
  );
  await Promise.all(last);
};

const bytesOf = (array: ArrayBufferView): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);

/** Every part starts at a multiple of 8, so that the engine can lay typed arrays over it. */
function padded(part: Uint8Array): Uint8Array {
  const length = paddedBytes(part.byteLength);
  if (length === part.byteLength) return part;
  const out = new Uint8Array(length);
  out.set(part);
  return out;
}

async function serve(request: ReadRequest): Promise<void> {
  try {
    await stream(await openSource(request), request.every);
  } catch (error) {
    await write({ kind: 'error', ...readFailure(error, request) });
  }
}

/** Each format's reader is loaded only when it is asked for. */
async function openSource(request: ReadRequest): Promise<RowSource> {
  const { format, selection, remote } = request;
  if (remote !== null) return fed(await openRemote(remote, request), request);
  if (format === 'arrow') {
    const { openArrowFeed } = await import('../arrow/arrow-feed.ts');
    return fed(
      await openArrowFeed(request.piped ? [process.stdin] : request.files, request.exactTimes),
      request,
    );
  }
  if (format === 'sqlite' && selection !== null) {
    const { openSqliteFeed } = await import('./sqlite-feed.ts');
    return fed(await openSqliteFeed(request.files[0]!, selection), request);
  }
  if (format === 'duckdb' && selection !== null) {
    const { DuckFileSource } = await import('./duck-file-source.ts');
    return DuckFileSource.open(request, selection);
  }
  return openTable(request);
}

/** DuckDB reads files whose lines all end alike; the lines of others are taken one by one. */
async function openTable(request: ReadRequest): Promise<RowSource> {
  try {
    return await TableSource.open(request);
  } catch (error) {
    const feed = mayEndDifferently(error) ? await lineByLine(request) : null;
    if (feed === null) throw error;
    return fed(feed, request);
  }
}

/** Null where that is no way to read it either. */
async function lineByLine({ files, format, texts }: ReadRequest): Promise<TableFeed | null> {
  if (format !== 'csv' && format !== 'tsv') return null;
  const { delimiter, encoding } = await csvShape(files, format);
  if (encoding !== 'utf-8') return null;
  const { openCsvFeed } = await import('./text-feeds.ts');
  const sources = files.map((file) => ({
    name: path.basename(file),
    blocks: () => createReadStream(file) as AsyncIterable<Uint8Array>,
  }));
  try {
    return await openCsvFeed(sources, { delimiter, texts, wholeFileTypes: true });
  } catch (error) {
    if (isFalajError(error) && error.code === 'MALFORMED_FILE') return null; // DuckDB says better what is wrong
    throw error;
  }
}

async function openRemote(
  remote: NonNullable<ReadRequest['remote']>,
  { format, exactTimes, texts, wholeFileTypes }: ReadRequest,
): Promise<TableFeed> {
  const { RangeChannel, RemoteFile } = await import('./remote-file.ts');
  const channel = new RangeChannel((range) => void process.send!(range));
  process.on('message', (answer: RangeAnswer) => channel.take(answer));
  const files = remote.map(({ name, sizeBytes }, index) => ({
    name,
    file: new RemoteFile(index, sizeBytes, channel.ask),
  }));
  if (format === 'arrow') return (await import('../arrow/arrow-feed.ts')).openArrowFeed(files, exactTimes);
  if (format === 'parquet') return (await import('./parquet-feed.ts')).openParquetFeed(files, exactTimes);
  const { openCsvFeed, openJsonFeed } = await import('./text-feeds.ts');
  const sources = files.map(({ name, file }) => ({ name, blocks: () => file.blocks() }));
  return format === 'ndjson'
    ? openJsonFeed(sources, { wholeFileTypes })
    : openCsvFeed(sources, { delimiter: format === 'tsv' ? '\t' : ',', texts, wholeFileTypes });
}

async function fed(feed: TableFeed, request: ReadRequest): Promise<RowSource> {
  const { FedSource } = await import('./fed-source.ts');
  return FedSource.open(feed, request);
}

async function stream(source: RowSource, every: number): Promise<void> {
  await write({
    kind: 'schema',
    columns: source.plans.map(({ name, type }) => ({ name, type })),
    expectedRows: source.expectedRows,
  });
  const wholeGroup = groupRows(source.plans.length);
  const collector = new Collector(source.plans, wholeGroup);
  let rows = 0;
  let rowsRead = 0;
  let told = 0;
  const sending: Promise<void>[] = [];
  const flush = async (): Promise<void> => {
    const group = collector.take(Math.min(collector.rows, wholeGroup));
    if (group.rows === 0) return;
    rows += group.rows;
    const parts = group.columns.map((column) => ({
      wire: column.wire,
      values: bytesOf(column.values),
      validity: column.validity ?? new Uint8Array(0),
      dictionary: column.fresh.length === 0 ? new Uint8Array(0) : dictionaryBytes(column.fresh),
    }));
    const columns = parts.map((part) => ({
      wire: part.wire,
      valueBytes: part.values.byteLength,
      validityBytes: part.validity.byteLength,
      dictionaryBytes: part.dictionary.byteLength,
    }));
    const payload = parts.flatMap((part) => [part.values, part.validity, part.dictionary].map(padded));
    while (output.writableLength > AHEAD_BYTES) await sending.shift();
    const sent = write({ kind: 'rows', rows: group.rows, rowsRead, columns }, payload);
    sent.catch(() => undefined);
    sending.push(sent);
    told = rowsRead;
  };
  for await (const { chunk, size } of source.chunks()) {
    collector.add(chunk, (every - (rowsRead % every)) % every, every);
    rowsRead += size;
    if (collector.rows >= wholeGroup) await flush();
    else if (rowsRead - told >= PROGRESS_ROWS) {
      told = rowsRead;
      await write({ kind: 'progress', rowsRead });
    }
  }
  await flush();
  await Promise.all(sending);
  await write({ kind: 'end', rows, rowsRead, notes: [...source.notes] });
}

// The engine is the only one that can send: the channel is its own.
process.once('message', (request: ReadRequest) => {
  serve(request).then(
    () => process.disconnect(),
    (error: unknown) => {
      process.stderr.write(String(error));
      process.exit(1);
    },
  );
});
process.once('disconnect', () => process.exit());
