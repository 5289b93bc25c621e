import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../../test/fixtures/engine-parts.ts';
import { DataRoom } from '../data-room.ts';
import { dataMigrations } from '../migrations.ts';
import { importUpload } from './import-upload.ts';
import { UPLOAD_LIMITS, Uploads } from './uploads.ts';

const context = { signal: new AbortController().signal, progress: () => undefined, log: () => undefined };
const plain = {
  mode: 'replace' as const,
  keys: [],
  labels: [],
  purposes: [],
  every: 1,
  derive: [],
  source: 'standard input',
};

let parts: EngineParts;
let room: DataRoom;
beforeEach(async () => {
  parts = await openParts([dataMigrations]);
  room = new DataRoom(parts);
});
afterEach(() => parts.close());

const files = (): string[] =>
  readdirSync(parts.folder, { recursive: true, encoding: 'utf8' })
    .map((name) => path.join(parts.folder, name))
    .filter((file) => file.includes('blobs') && statSync(file).isFile());

const base64 = (content: string | Uint8Array): string => Buffer.from(content).toString('base64');

async function upload(content: string | Uint8Array, pieceBytes = 1_000): Promise<string> {
  const { upload: id } = room.uploads.begin();
  const bytes = Buffer.from(content);
  for (let at = 0; at < bytes.length; at += pieceBytes)
    await room.uploads.add({ upload: id, bytes: base64(bytes.subarray(at, at + pieceBytes)) });
  return id;
}

const send = async (content: string | Uint8Array, more: object = {}) =>
  importUpload(room, context, { ...plain, name: 'sales', upload: await upload(content), ...more });

const CSV = `at,shop,price\n${Array.from({ length: 500 }, (_, row) => `2026-01-01T00:00:${String(row % 60).padStart(2, '0')}Z,A${row % 3},${row}`).join('\n')}\n`;

describe('an upload', () => {
  it('is imported like a file, and nothing is left of it', async () => {
    const before = files().length;
    const dataset = await send(CSV, { eventTime: 'at' });
    expect(dataset).toMatchObject({ rows: 500, source: 'standard input', eventTime: 'at' });
    expect(dataset.columns.map(({ type }) => type)).toEqual(['timestamp', 'string', 'int64']);
    expect(files()).toHaveLength(before + 1);
    expect(await send(CSV, { eventTime: 'at' })).toMatchObject({ alreadyImported: true, version: 1 });
  });

  it('gives the digest of the same rows in a file, in every format', async () => {
    const { digest } = await send(CSV);
    for (const format of ['parquet', 'ndjson', 'arrow', 'tsv'] as const) {
      const file = path.join(parts.folder, `sales.${format}`);
      await room.export(context, { name: 'sales', file });
      expect(await send(readFileSync(file), { name: format })).toMatchObject({ digest });
    }
  });

  it('judges types from all rows where the first ones mislead', async () => {
    const rows = Array.from({ length: 20_000 }, (_, row) => `${row},${row === 19_000 ? 'none' : row}`);
    rows[18_000] = '0.5,1';
    const { columns } = await send(`a,b\n${rows.join('\n')}\n`);
    expect(columns.map(({ type }) => type)).toEqual(['float64', 'string']);
  });

  it('has the same rows however its lines end', async () => {
    const { digest } = await send(CSV);
    const every = (nth: number): string => {
      let line = 0;
      return CSV.replaceAll('\n', () => (line++ % nth === 0 ? '\r\n' : '\n'));
    };
    for (const text of [every(1), every(2), `${CSV.slice(0, -1)}\r\n`])
      expect(await send(text)).toMatchObject({ digest });
  });

  it('is sealed as it arrives', async () => {
    const id = await upload('a secret,in the clear\n'.repeat(200_000), 1_000_000);
    expect(files().length).toBeGreaterThan(0);
    for (const file of files()) expect(readFileSync(file).includes('a secret')).toBe(false);
    await room.uploads.discard({ upload: id });
    expect(files()).toEqual([]);
    await expect(room.uploads.discard({ upload: id })).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('leaves nothing when it is empty, malformed or given up by a closing workspace', async () => {
    await expect(send('')).rejects.toMatchObject({ code: 'NO_ROWS' });
    await expect(send('a,b\n')).rejects.toMatchObject({ code: 'NO_ROWS' });
    await expect(send('a,b\n1,2\n1,2,3\n')).rejects.toMatchObject({ code: 'MALFORMED_FILE' });
    await expect(send(Buffer.from('PAR1 and no more PAR1'))).rejects.toMatchObject({
      code: 'MALFORMED_FILE',
    });
    await upload(CSV);
    await room.uploads.close();
    expect(files()).toEqual([]);
  });

  it('is refused beyond its limits, and forgotten when nothing comes any more', async () => {
    room = Object.assign(new DataRoom(parts), {
      uploads: new Uploads(parts.blobs, { ...UPLOAD_LIMITS, sizeBytes: 10, uploads: 1, idleMs: 50 }),
    });
    await expect(upload('more than ten')).rejects.toMatchObject({ code: 'TOO_LARGE' });
    const { upload: id } = room.uploads.begin();
    expect(() => room.uploads.begin()).toThrow(expect.objectContaining({ code: 'CONFLICT' }));
    await expect(room.uploads.add({ upload: id, bytes: 'no base64!' })).rejects.toMatchObject({
      code: 'BAD_INPUT',
    });
    await sleep(100);
    await expect(room.uploads.add({ upload: id, bytes: '' })).rejects.toMatchObject({ code: 'NOT_FOUND' });
    await expect.poll(files).toEqual([]);
  });
});
