import { varint } from './bits.ts';

const BLOCK_VALUES = 128;
const MINIBLOCKS = 4;
const MINIBLOCK_VALUES = BLOCK_VALUES / MINIBLOCKS;
const TWO_32 = 4_294_967_296;
/** Differences of values within this range, and what differences differ by, are exact in doubles. */
const WIDEST_RANGE = 2 ** 51;
/** Least difference (10 bytes at most) and the widths of a block, and its values at 53 bits. */
const MOST_BLOCK_BYTES = 10 + MINIBLOCKS + (BLOCK_VALUES * 53) / 8;

export const canPackDeltas = (min: number, max: number): boolean => max - min <= WIDEST_RANGE;

/**
 * Whole doubles as DELTA_BINARY_PACKED (Apache Parquet format, Encodings.md): the differences of neighbours in as many bits
 * as the largest of 32 needs. As small as compressed integers are, at a fraction of the time.
 *
 * @param values at least one, within a range that {@link canPackDeltas} allows.
 */
export function packDeltas(values: Float64Array): Uint8Array {
  const header = [
    ...varint(BLOCK_VALUES),
    ...varint(MINIBLOCKS),
    ...varint(values.length),
    ...zigzag(values[0]!),
  ];
  const blocks = Math.ceil((values.length - 1) / BLOCK_VALUES);
  const out = new Uint8Array(header.length + Math.ceil(blocks * MOST_BLOCK_BYTES));
  out.set(header);
  let at = header.length;
  const deltas = new Float64Array(BLOCK_VALUES);
  const words = new Uint32Array(64);
  const bytes = new Uint8Array(words.buffer);
  for (let first = 1; first < values.length; first += BLOCK_VALUES) {
    const count = Math.min(BLOCK_VALUES, values.length - first);
    const least = takeDeltas(values, first, count, deltas);
    for (const byte of zigzag(least)) out[at++] = byte;
    const widthsAt = at;
    at += MINIBLOCKS;
    for (let part = 0; part < MINIBLOCKS; part++) {
      const start = part * MINIBLOCK_VALUES;
      const width = start < count ? bitsOf(deltas, start) : 0;
      out[widthsAt + part] = width;
      if (width === 0) continue;
      packMiniblock(deltas, start, width, words);
      out.set(width === 64 ? bytes : bytes.subarray(0, 4 * width), at);
      at += 4 * width;
    }
  }
  return out.subarray(0, at);
}

/** The block's differences above its least one, zeros behind them; returns the least. */
function takeDeltas(values: Float64Array, first: number, count: number, deltas: Float64Array): number {
  let least = Number.POSITIVE_INFINITY;
  for (let at = 0; at < count; at++) {
    const delta = values[first + at]! - values[first + at - 1]!;
    deltas[at] = delta;
    if (delta < least) least = delta;
  }
  for (let at = 0; at < count; at++) deltas[at] = deltas[at]! - least;
  deltas.fill(0, count);
  return least;
}

function bitsOf(deltas: Float64Array, start: number): number {
  let most = 0;
  for (let at = start; at < start + MINIBLOCK_VALUES; at++) if (deltas[at]! > most) most = deltas[at]!;
  if (most < TWO_32) return 32 - Math.clz32(most);
  return 64 - Math.clz32(Math.floor(most / TWO_32));
}

/** 32 values of `width` bits fill `width` words, lowest bit first. */
function packMiniblock(deltas: Float64Array, start: number, width: number, words: Uint32Array): void {
  words.fill(0, 0, width);
  let bit = 0;
  for (let at = start; at < start + MINIBLOCK_VALUES; at++) {
    const value = deltas[at]!;
    const low = value >>> 0;
    putBits(words, bit, low, Math.min(width, 32));
    if (width > 32) putBits(words, bit + 32, (value - low) / TWO_32, width - 32);
    bit += width;
  }
}

function putBits(words: Uint32Array, bit: number, value: number, width: number): void {
  const word = bit >>> 5;
  const shift = bit & 31;
  words[word] = words[word]! | (value << shift);
  if (shift + width > 32) words[word + 1] = words[word + 1]! | (value >>> (32 - shift));
}

/** Signed numbers with the sign in the lowest bit, as an unsigned LEB128. */
const zigzag = (value: number): number[] => varint(value < 0 ? -2 * value - 1 : 2 * value);
