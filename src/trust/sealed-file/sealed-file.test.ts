import { createHash, randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  HEADER_BYTES,
  MIN_CHUNK_BYTES,
  openBytes,
  SealedFileError,
  type SealedFileReason,
  type SealedHeader,
  SealedReader,
  SealedWriter,
  sealBytes,
  TAG_BYTES,
} from './index.ts';

const CHUNK = MIN_CHUNK_BYTES;
const SEALED_CHUNK = CHUNK + TAG_BYTES;
const key = createHash('sha256').update('a key of the tests').digest();
const header: SealedHeader = {
  fileId: Buffer.alloc(16, 7),
  fileVersion: 3,
  chunkBytes: CHUNK,
  noncePrefix: Buffer.alloc(7, 9),
};
const expected = { fileId: header.fileId, fileVersion: 3 };
const content = randomBytes(3 * CHUNK + 1000);
const sealed = sealBytes(key, header, content);

function reasonOf(work: () => unknown): SealedFileReason | null {
  try {
    work();
    return null;
  } catch (error) {
    if (error instanceof SealedFileError) return error.reason;
    throw error;
  }
}
const replaced = (at: number, byte: number): Buffer => {
  const bytes = Buffer.from(sealed);
  bytes[at] = byte;
  return bytes;
};
const flipped = (at: number): Buffer => replaced(at, sealed[at]! ^ 1);
const chunk = (index: number) =>
  sealed.subarray(HEADER_BYTES + index * SEALED_CHUNK, HEADER_BYTES + (index + 1) * SEALED_CHUNK);
const assemble = (...indexes: number[]) =>
  Buffer.concat([sealed.subarray(0, HEADER_BYTES), ...indexes.map(chunk)]);

describe('a sealed file', () => {
  it('gives back any content, at every length near a chunk border', () => {
    for (const length of [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK]) {
      const bytes = randomBytes(length);
      const whole = sealBytes(key, header, bytes);
      expect(openBytes(key, whole, { ...expected, contentBytes: length }).equals(bytes)).toBe(true);
      expect(openBytes(key, whole, expected).equals(bytes)).toBe(true);
    }
  });

  it('opens single chunks without the others', () => {
    const reader = new SealedReader(key, sealed.subarray(0, HEADER_BYTES), sealed.length, expected);
    expect(reader.layout).toEqual({ chunks: 4, contentBytes: content.length, storedBytes: sealed.length });
    const { offset, length } = reader.span(2);
    expect(
      reader.open(2, sealed.subarray(offset, offset + length)).equals(content.subarray(2 * CHUNK, 3 * CHUNK)),
    ).toBe(true);
  });

  it('never reuses a nonce for two chunks', () => {
    const writer = new SealedWriter(key, header);
    const zeros = Buffer.alloc(CHUNK);
    const seen = new Set(
      [0, 1, 2].map(() => createHash('sha256').update(writer.next(zeros, false)[0]!).digest('hex')),
    );
    expect(seen.size).toBe(3);
  });

  it('refuses content after the last chunk and short chunks before it', () => {
    const writer = new SealedWriter(key, header);
    expect(() => writer.next(Buffer.alloc(10), false)).toThrow(RangeError);
    writer.next(Buffer.alloc(10), true);
    expect(() => writer.next(Buffer.alloc(10), true)).toThrow(RangeError);
  });
});

describe('a damaged sealed file is refused with its own reason', () => {
  const cases: [string, Buffer, SealedFileReason][] = [
    [
      'another kind of file',
      Buffer.from('PK\x03\x04 a zip archive, say, that is long enough for a header of eighty bytes........'),
      'NOT_SEALED',
    ],
    ['a newer format', replaced(8, 2), 'UNSUPPORTED_VERSION'],
    ['a chunk size that is not allowed', replaced(10, 40), 'BAD_HEADER'],
    ['a changed header field', flipped(33), 'HEADER_CHANGED'],
    ['a changed header MAC', flipped(50), 'HEADER_CHANGED'],
    [
      "another file's bytes",
      sealBytes(key, { ...header, fileId: Buffer.alloc(16, 8) }, content),
      'OTHER_FILE',
    ],
    [
      'an older version of the same file',
      sealBytes(key, { ...header, fileVersion: 2 }, content),
      'OTHER_VERSION',
    ],
    ['a file cut in its header', sealed.subarray(0, 40), 'CUT_SHORT'],
    ['a file without its last chunk', assemble(0, 1, 2), 'LAST_CHUNK_MISSING'],
    ['a changed bit', flipped(HEADER_BYTES + SEALED_CHUNK + 5), 'CHUNK_CHANGED'],
    ['a file cut by one byte', sealed.subarray(0, sealed.length - 1), 'CHUNK_CHANGED'],
    ['two chunks swapped', assemble(1, 0, 2, 3), 'CHUNK_MOVED'],
    ['a chunk repeated', assemble(0, 1, 1, 3), 'CHUNK_MOVED'],
  ];
  it.each(cases)('%s', (_name, bytes, reason) => {
    expect(reasonOf(() => openBytes(key, bytes, expected))).toBe(reason);
  });

  it('knows a cut and an addition by the recorded length', () => {
    const recorded = { ...expected, contentBytes: content.length };
    expect(reasonOf(() => openBytes(key, sealed.subarray(0, sealed.length - 1), recorded))).toBe('CUT_SHORT');
    expect(reasonOf(() => openBytes(key, assemble(0, 1, 2), recorded))).toBe('CUT_SHORT');
    expect(reasonOf(() => openBytes(key, Buffer.concat([sealed, Buffer.from([0])]), recorded))).toBe(
      'TRAILING_BYTES',
    );
  });

  it('under another key', () => {
    expect(reasonOf(() => openBytes(Buffer.alloc(32, 1), sealed, expected))).toBe('HEADER_CHANGED');
  });

  it('wherever a single bit flips', () => {
    const small = sealBytes(key, header, randomBytes(200));
    fc.assert(
      fc.property(fc.nat(small.length - 1), fc.nat(7), (at, bit) => {
        const bytes = Buffer.from(small);
        bytes[at]! ^= 1 << bit;
        expect(reasonOf(() => openBytes(key, bytes, expected))).not.toBeNull();
      }),
      { numRuns: 1000 },
    );
  });
});
