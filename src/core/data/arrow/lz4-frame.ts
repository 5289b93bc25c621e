import { FalajError } from '../../../shared/errors.ts';

const MAGIC = 0x184d2204;
const MIN_MATCH = 4;
const LONG_LENGTH = 15;
const BLOCK_BYTES: Readonly<Record<number, number>> = { 4: 65_536, 5: 262_144, 6: 1_048_576, 7: 4_194_304 };

const damaged = (): FalajError =>
  new FalajError('MALFORMED_FILE', 'Bytes compressed with LZ4 are damaged.', {
    hint: 'Write the file again, or without compression.',
  });

/**
 * The content of one LZ4 frame, as Arrow files hold for each buffer. Checksums are not compared: what the bytes mean is
 * checked by whoever asked for them.
 */
export function decodeLz4Frame(bytes: Uint8Array): Uint8Array {
  if (bytes.length < 7) throw damaged();
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flags = view.getUint8(4);
  const blockBytes = BLOCK_BYTES[(view.getUint8(5) >> 4) & 7];
  if (view.getUint32(0, true) !== MAGIC || flags >> 6 !== 1 || blockBytes === undefined) throw damaged();
  const checksumBytes = (flags & 0x10) === 0 ? 0 : 4;
  let at = 7 + ((flags & 0x08) === 0 ? 0 : 8) + ((flags & 0x01) === 0 ? 0 : 4);
  let out = new Uint8Array(Math.max(blockBytes, bytes.length * 2));
  let length = 0;
  for (;;) {
    if (at + 4 > bytes.length) throw damaged();
    const head = view.getUint32(at, true);
    at += 4;
    if (head === 0) return out.subarray(0, length);
    const size = head & 0x7fff_ffff;
    if (size > blockBytes || at + size > bytes.length) throw damaged();
    out = withRoom(out, length, blockBytes);
    const block = bytes.subarray(at, at + size);
    if (head >>> 31 === 1) {
      out.set(block, length);
      length += size;
    } else {
      length = decodeBlock(block, out, { start: length, end: length + blockBytes });
    }
    at += size + checksumBytes;
  }
}

/** One block by itself, of which the length of its content is known: what Parquet calls LZ4_RAW. */
export function decodeLz4Block(block: Uint8Array, contentBytes: number): Uint8Array {
  const out = new Uint8Array(contentBytes);
  if (decodeBlock(block, out, { start: 0, end: contentBytes }) !== contentBytes) throw damaged();
  return out;
}

function withRoom(out: Uint8Array<ArrayBuffer>, used: number, more: number): Uint8Array<ArrayBuffer> {
  if (used + more <= out.length) return out;
  const grown = new Uint8Array(Math.max(out.length * 2, used + more));
  grown.set(out.subarray(0, used));
  return grown;
}

/** Writes a block's content into `out`, where matches may reach back into earlier blocks. Returns where it ended. */
function decodeBlock(block: Uint8Array, out: Uint8Array, room: { start: number; end: number }): number {
  let at = 0;
  let to = room.start;
  const longer = (length: number): number => {
    if (length !== LONG_LENGTH) return length;
    let sum = length;
    for (;;) {
      const byte = block[at++];
      if (byte === undefined) throw damaged();
      sum += byte;
      if (byte !== 255) return sum;
    }
  };
  while (at < block.length) {
    const token = block[at++]!;
    const literals = longer(token >> 4);
    if (at + literals > block.length || to + literals > room.end) throw damaged();
    out.set(block.subarray(at, at + literals), to);
    at += literals;
    to += literals;
    if (at === block.length) return to;
    if (at + 2 > block.length) throw damaged();
    const distance = block[at]! | (block[at + 1]! << 8);
    at += 2;
    const match = longer(token & LONG_LENGTH) + MIN_MATCH;
    if (distance === 0 || distance > to || to + match > room.end) throw damaged();
    // A match may overlap what it makes, so it is copied byte by byte.
    for (const end = to + match; to < end; to++) out[to] = out[to - distance]!;
  }
  return to;
}
