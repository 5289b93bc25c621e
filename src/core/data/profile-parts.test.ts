import { expect, it } from 'vitest';
import { ContentPieces } from '../store/index.ts';
import type { OpenPart } from './history/part-reader.ts';
import { profileParts } from './profile-parts.ts';
import { openSegment } from './segment/reader.ts';
import { type RowGroup, SegmentWriter } from './segment/writer.ts';

/** Numbers in a segment that counts how often it is read. */
async function numbers(columns: number, rows: number) {
  const schema = Array.from({ length: columns }, (_, at) => ({ name: `c${at}`, type: 'float64' as const }));
  async function* groups(): AsyncGenerator<RowGroup> {
    yield {
      rows,
      columns: schema.map((_, at) => ({
        values: Float64Array.from({ length: rows }, (__, row) => at + row / 3),
        validity: null,
        fresh: [],
      })),
    };
  }
  const writer = new SegmentWriter(schema);
  const written: Uint8Array[] = [];
  for await (const bytes of writer.bytes(groups())) written.push(Buffer.from(bytes));
  const file = Buffer.concat(written);
  const { directoryOffset, directoryBytes } = writer.summary;
  const counted = { reads: 0 };
  const segment = await openSegment(
    (offset, length) => {
      counted.reads += 1;
      return Promise.resolve(new ContentPieces(offset, [file.subarray(offset, offset + length)]));
    },
    { offset: directoryOffset, bytes: directoryBytes },
  );
  counted.reads = 0;
  const part = { part: { rows }, segment, mask: null } as unknown as OpenPart;
  return { schema, parts: [part], counted };
}

it('describes many short columns with few reads', async () => {
  const { schema, parts, counted } = await numbers(2_000, 3);
  const profile = await profileParts(parts, schema);
  expect(profile).toHaveLength(2_000);
  expect(profile[1_999]).toMatchObject({ name: 'c1999', rows: 3, min: 1_999, distinct: 3 });
  expect(counted.reads).toBe(1);
});

it('has one long column in memory at a time', async () => {
  const { schema, parts, counted } = await numbers(3, 600_000);
  expect(await profileParts(parts, schema)).toHaveLength(3);
  expect(counted.reads).toBeGreaterThanOrEqual(3);
});
