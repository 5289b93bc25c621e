import { HEADER_BYTES, type SealedHeader } from './header.ts';
import { type SealedExpectation, SealedReader } from './sealed-reader.ts';
import { SealedWriter } from './sealed-writer.ts';

/** Seals content that is in memory as a whole. */
export function sealBytes(dataKey: Uint8Array, header: SealedHeader, content: Uint8Array): Buffer {
  const writer = new SealedWriter(dataKey, header);
  const parts: Buffer[] = [writer.headerBytes];
  let start = 0;
  do {
    const end = Math.min(content.length, start + header.chunkBytes);
    parts.push(...writer.next(content.subarray(start, end), end === content.length));
    start = end;
  } while (start < content.length);
  return Buffer.concat(parts);
}

export function openBytes(dataKey: Uint8Array, sealed: Uint8Array, expected: SealedExpectation): Buffer {
  const reader = new SealedReader(dataKey, sealed.subarray(0, HEADER_BYTES), sealed.length, expected);
  const parts: Buffer[] = [];
  for (let index = 0; index < reader.layout.chunks; index++) {
    const { offset, length } = reader.span(index);
    parts.push(reader.open(index, sealed.subarray(offset, offset + length)));
  }
  return Buffer.concat(parts);
}
