import path from 'node:path';
import type { ImportInput } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import type { ColumnSchema } from '../../shared/table/column.ts';
import type { JobContext } from '../jobs/index.ts';
import type { BlobStore, StagedBlob } from '../store/index.ts';
import { type ForeignTable, readFiles } from './reader/read-files.ts';
import { type RowGroup, type SegmentSummary, SegmentWriter } from './segment/writer.ts';

export interface StagedImport {
  readonly staged: StagedBlob;
  readonly summary: SegmentSummary;
  readonly schema: readonly ColumnSchema[];
}

/** Reads the files into a sealed segment that nothing refers to yet. Whoever calls it adopts or discards the blob. */
export async function stageImport(
  blobs: BlobStore,
  input: ImportInput,
  context: Pick<JobContext, 'signal' | 'progress' | 'log'>,
): Promise<StagedImport> {
  const staged: StagedBlob[] = [];
  try {
    return await readFiles(
      {
        files: input.files,
        format: input.format,
        every: input.every,
        derive: input.derive,
        exactTimes: [input.eventTime, input.knownTime].filter((name) => name !== undefined),
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
      async (table) => {
        const schema = table.schema;
        assertTime(schema, input.eventTime, 'event time');
        assertTime(schema, input.knownTime, 'known time');
        const writer = new SegmentWriter(schema);
        const blob = await blobs.write(writer.bytes(checkedGroups(table, input, sourceName(input.files))), {
          signal: context.signal,
        });
        staged.push(blob);
        for (const note of table.notes) context.log('warn', note);
        return { staged: blob, summary: writer.summary, schema };
      },
    );
  } catch (error) {
    for (const blob of staged) blobs.discard(blob);
    throw error;
  }
}

export const sourceName = (files: readonly string[]): string =>
  files.length === 1 ? path.basename(files[0]!) : `${path.basename(files[0]!)} and ${files.length - 1} more`;

function assertTime(schema: readonly ColumnSchema[], name: string | undefined, what: string): void {
  if (name === undefined) return;
  const column = schema.find((candidate) => candidate.name === name);
  if (column === undefined) {
    throw new FalajError('UNKNOWN_COLUMN', `There is no column "${name}" for the ${what}.`, {
      hint: `The columns are: ${schema.map((candidate) => candidate.name).join(', ')}.`,
      details: { column: name },
    });
  }
  if (column.type !== 'timestamp' && column.type !== 'date') {
    throw new FalajError(
      'TYPE_MISMATCH',
      `Column "${name}" cannot be the ${what}: it is ${column.type}, not a time.`,
      {
        hint: 'Choose a column of dates or timestamps, or derive one.',
        details: { column: name, type: column.type },
      },
    );
  }
}

/** Passes the groups on, refusing a table without rows and rows without an event time. */
async function* checkedGroups(
  table: ForeignTable,
  input: ImportInput,
  source: string,
): AsyncGenerator<RowGroup> {
  const eventIndex = table.schema.findIndex((column) => column.name === input.eventTime);
  let rows = 0;
  for await (const group of table.groups) {
    const validity = eventIndex === -1 ? null : group.columns[eventIndex]!.validity;
    const missing = validity === null ? -1 : validity.indexOf(0);
    if (missing !== -1) {
      throw new FalajError(
        'MALFORMED_FILE',
        `Row ${rows + missing + 1} has no event time ("${input.eventTime}").`,
        {
          hint: 'Every row needs an event time. Fill it in, or leave such rows out of the file.',
          details: { row: rows + missing + 1 },
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
