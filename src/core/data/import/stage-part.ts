import path from 'node:path';
import type { ImportInput } from '../../../shared/contract/types.ts';
import { FalajError } from '../../../shared/errors.ts';
import { nearestHint } from '../../../shared/nearest-name.ts';
import type { ColumnSchema } from '../../../shared/table/column.ts';
import type { JobContext } from '../../jobs/index.ts';
import type { BlobStore, StagedBlob } from '../../store/index.ts';
import { conform } from '../history/conform.ts';
import { type ForeignTable, type ReadOptions, readFiles } from '../reader/read-files.ts';
import type { StartReader } from '../reader/reader-processes.ts';
import { type RowGroup, type SegmentSummary, SegmentWriter } from '../segment/writer.ts';

export type ImportContext = Pick<JobContext, 'signal' | 'progress' | 'log'>;

export interface PartRequest extends Pick<ImportInput, 'format' | 'every' | 'derive'> {
  readonly dataset: string;
  readonly files: readonly string[];
  /** The columns that the rows must have; null when the files decide. */
  readonly columns: readonly ColumnSchema[] | null;
  readonly eventTime: string | null;
  readonly knownTime: string | null;
  readonly keys: readonly string[];
}

/** Where rows come from: reads the named files and hands their rows on, once or (after a failed call) twice. */
export type ImportSource = <Result>(
  files: readonly string[],
  options: Pick<
    ReadOptions,
    'format' | 'texts' | 'every' | 'derive' | 'exactTimes' | 'signal' | 'onProgress'
  >,
  use: (table: ForeignTable) => Promise<Result>,
) => Promise<Result>;

export const fromFiles =
  (start?: StartReader): ImportSource =>
  (files, options, use) =>
    readFiles({ ...options, files, start }, use);

export interface StagedPart {
  readonly staged: StagedBlob;
  readonly summary: SegmentSummary;
  readonly columns: readonly ColumnSchema[];
  readonly source: string;
}

/** Reads files into a sealed segment that nothing refers to yet. Whoever calls it adopts or discards the blob. */
export async function stagePart(
  blobs: BlobStore,
  request: PartRequest,
  context: ImportContext,
  read: ImportSource = fromFiles(),
): Promise<StagedPart> {
  const source = sourceName(request.files);
  const written: StagedBlob[] = [];
  try {
    return await read(
      request.files,
      {
        format: request.format,
        texts: request.columns?.filter(({ type }) => type === 'string').map(({ name }) => name),
        every: request.every,
        derive: request.derive,
        exactTimes: [request.eventTime, request.knownTime].filter((name) => name !== null),
        signal: context.signal,
        onProgress: ({ rowsRead, expectedRows }) =>
          context.progress({
            step: 'import',
            fraction:
              expectedRows === null || expectedRows === 0 ? null : Math.min(1, rowsRead / expectedRows),
            done: rowsRead,
            unit: 'rows',
          }),
      },
      async (found) => {
        const table =
          request.columns === null
            ? found
            : conform(found, request.columns, { file: source, dataset: request.dataset });
        assertTime(table.schema, request.eventTime, 'event time');
        assertTime(table.schema, request.knownTime, 'known time');
        for (const key of request.keys) findOrRefuse(table.schema, key, 'key');
        const writer = new SegmentWriter(table.schema);
        const staged = await blobs.write(writer.bytes(checkedGroups(table, request.eventTime, source)), {
          signal: context.signal,
        });
        written.push(staged);
        for (const note of table.notes) context.log('warn', note);
        return { staged, summary: writer.summary, columns: table.schema, source };
      },
    );
  } catch (error) {
    for (const staged of written) blobs.discard(staged);
    throw error;
  }
}

const sourceName = (files: readonly string[]): string =>
  files.length === 1 ? path.basename(files[0]!) : `${path.basename(files[0]!)} and ${files.length - 1} more`;

function findOrRefuse(schema: readonly ColumnSchema[], name: string, what: string): ColumnSchema {
  const column = schema.find((candidate) => candidate.name === name);
  if (column !== undefined) return column;
  const names = schema.map((candidate) => candidate.name);
  throw new FalajError('UNKNOWN_COLUMN', `There is no column "${name}" for the ${what}.`, {
    hint: nearestHint(name, names, `The columns are: ${names.join(', ')}.`),
    details: { column: name },
  });
}

function assertTime(schema: readonly ColumnSchema[], name: string | null, what: string): void {
  if (name === null) return;
  const { type } = findOrRefuse(schema, name, what);
  if (type === 'timestamp' || type === 'date') return;
  throw new FalajError(
    'TYPE_MISMATCH',
    `Column "${name}" cannot be the ${what}: it is ${type}, not a time.`,
    {
      hint: 'Choose a column of dates or timestamps, or derive one.',
      details: { column: name, type },
    },
  );
}

/** Passes the groups on, refusing a table without rows and rows without an event time. */
async function* checkedGroups(
  table: ForeignTable,
  eventTime: string | null,
  source: string,
): AsyncGenerator<RowGroup> {
  const eventIndex = table.schema.findIndex((column) => column.name === eventTime);
  let rows = 0;
  for await (const group of table.groups) {
    const validity = eventIndex === -1 ? null : group.columns[eventIndex]!.validity;
    const missing = validity === null ? -1 : validity.indexOf(0);
    if (missing !== -1) {
      throw new FalajError(
        'MALFORMED_FILE',
        `Row ${rows + missing + 1} of "${source}" has no event time ("${eventTime}").`,
        {
          hint: 'Every row needs an event time. Fill it in, or leave such rows out of the file.',
          details: { file: source, row: rows + missing + 1 },
        },
      );
    }
    rows += group.rows;
    yield group;
  }
  if (rows === 0) {
    throw new FalajError('NO_ROWS', `"${source}" has no rows.`, {
      hint: 'Choose a file that has rows below its header.',
    });
  }
}
