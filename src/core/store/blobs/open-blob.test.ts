import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DEFAULT_CHUNK_BYTES, sealBytes } from '../../../trust/sealed-file/index.ts';
import { BLOB_FILE_VERSION, OpenBlob } from './open-blob.ts';

const content = Buffer.from('content');
let folder: string;
let file: string;
let dataKey: Buffer;
const row = {
  id: 'a'.repeat(64),
  sha256: '',
  size_bytes: content.length,
  stored_bytes: 0,
  file_id: randomBytes(16),
  data_key: Buffer.alloc(0),
};
const isZero = (bytes: Uint8Array): boolean => bytes.every((byte) => byte === 0);

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'falaj-blob-'));
  file = path.join(folder, 'blob');
  dataKey = randomBytes(32);
  const header = {
    fileId: row.file_id,
    fileVersion: BLOB_FILE_VERSION,
    chunkBytes: DEFAULT_CHUNK_BYTES,
    noncePrefix: randomBytes(7),
  };
  writeFileSync(file, sealBytes(dataKey, header, content));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('an open blob', () => {
  it('keeps its key no longer than it is open', async () => {
    const blob = await OpenBlob.open(file, row, dataKey);
    expect((await blob.chunk(0)).equals(content)).toBe(true);
    expect(isZero(dataKey)).toBe(false);
    await blob.close();
    expect(isZero(dataKey)).toBe(true);
  });

  it('keeps no key when its file is refused or missing', async () => {
    await expect(OpenBlob.open(file, { ...row, file_id: randomBytes(16) }, dataKey)).rejects.toMatchObject({
      code: 'BLOB_DAMAGED',
    });
    expect(isZero(dataKey)).toBe(true);
    const other = randomBytes(32);
    await expect(OpenBlob.open(`${file}-gone`, row, other)).rejects.toMatchObject({ code: 'BLOB_MISSING' });
    expect(isZero(other)).toBe(true);
  });
});
