import { varint } from './bits.ts';

const BLOCK_VALUES = 128;
const MINIBLOCKS = 4;
const MINIBLOCK_VALUES = BLOCK_VALUES / MINIBLOCKS;
const WORD_BITS = 32;
const WORD_BYTES = 4;
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
  const view = new DataView(out.buffer);
  let at = header.length;
  const deltas = new Float64Array(BLOCK_VALUES);
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
      if (width > WORD_BITS) putWide(deltas, start, width, view, at);
      else if (width > 0) putNarrow(deltas, start, width, view, at);
      at += WORD_BYTES * width;
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

/** As many as the largest needs: of all of them together no bit is higher. A comparison of each could not be foreseen. */
function bitsOf(deltas: Float64Array, start: number): number {
  let low = 0;
  let high = 0;
  for (let at = start; at < start + MINIBLOCK_VALUES; at++) {
    const value = deltas[at]!;
    low |= value;
    high |= value / TWO_32;
  }
  return high === 0 ? WORD_BITS - Math.clz32(low) : 2 * WORD_BITS - Math.clz32(high);
}

/** A miniblock of 32 values of `width` bits, which fill as many words, lowest bit first. */
function putNarrow(deltas: Float64Array, start: number, width: number, out: DataView, from: number): void {
  let to = from;
  let word = 0;
  let filled = 0;
  for (let at = start; at < start + MINIBLOCK_VALUES; at++) {
    const value = deltas[at]! >>> 0;
    word |= value << filled;
    filled += width;
    if (filled < WORD_BITS) continue;
    out.setUint32(to, word, true);
    to += WORD_BYTES;
    filled -= WORD_BITS;
    word = filled === 0 ? 0 : value >>> (width - filled);
  }
}

/** The same for more than 32 bits: of each value the low word, and then what is above it. */
function putWide(deltas: Float64Array, start: number, width: number, out: DataView, from: number): void {
  const above = width - WORD_BITS;
  let to = from;
  let word = 0;
  let filled = 0;
  for (let at = start; at < start + MINIBLOCK_VALUES; at++) {
    const value = deltas[at]!;
    const low = value >>> 0;
    const high = (value - low) / TWO_32;
    out.setUint32(to, word | (low << filled), true);
    to += WORD_BYTES;
    word = (filled === 0 ? 0 : low >>> (WORD_BITS - filled)) | (high << filled);
    filled += above;
    if (filled < WORD_BITS) continue;
    out.setUint32(to, word, true);
    to += WORD_BYTES;
    filled -= WORD_BITS;
    word = filled === 0 ? 0 : high >>> (above - filled);
  }
}

/** Signed numbers with the sign in the lowest bit, as an unsigned LEB128. */
const zigzag = (value: number): number[] => varint(value < 0 ? -2 * value - 1 : 2 * value);
