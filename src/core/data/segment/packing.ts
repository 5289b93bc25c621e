import type { EncodedValues, Encoding } from './encoded-values.ts';

/**
 * Values as whole numbers of as few bits as the largest needs: value = (least + number) / divisor, which gives back every
 * value exactly. Decimals of money and measurement are such (A. Afroozeh, P. Boncz: ALP, SIGMOD 2024), and times to the
 * microsecond. Bytes that compress badly take less room so, and are unpacked in a fraction of the time.
 */
export interface Packing {
  /** 1 to 53. */
  readonly bits: number;
  readonly least: number;
  readonly divisor: number;
}

const TWO_32 = 4_294_967_296;
const WORD_BITS = 32;
const WORD_BYTES = 4;
const DIVISORS = [1, 10, 100, 1_000, 10_000, 100_000, 1_000_000];
const SAMPLE_VALUES = 64;
/** Of two bytes a value hardly a bit would be saved that compressing does not. */
const WIDTHS: Readonly<Partial<Record<Encoding, number>>> = { u32: 32, f64: 64 };
/** What is hardly narrower is not worth another form. */
const WORTH_PACKING = 0.9;

/** How an encoded chunk packs; null where it would hardly be narrower, or where its values are no such numbers. */
export function packingOf({ encoding, bytes }: Pick<EncodedValues, 'encoding' | 'bytes'>): Packing | null {
  const width = WIDTHS[encoding];
  if (width === undefined || bytes.length === 0) return null;
  const values = numbersOf(encoding, bytes);
  for (const divisor of encoding === 'f64' ? DIVISORS : [1]) {
    if (!sampleIsWhole(values, divisor)) continue;
    const range = wholeRange(values, divisor);
    if (range === null) continue;
    const bits = bitsOf(range.greatest - range.least);
    return bits <= width * WORTH_PACKING ? { bits, least: range.least, divisor } : null;
  }
  return null;
}

export const packedBytes = (rows: number, bits: number): number =>
  WORD_BYTES * (bits > WORD_BITS ? rows + wordsFor(rows, bits - WORD_BITS) : wordsFor(rows, bits));

const wordsFor = (rows: number, bits: number): number => Math.ceil((rows * bits) / WORD_BITS);

/** Numbers of more than 32 bits as their low words, and then what is above them. */
export function pack(
  { encoding, bytes }: Pick<EncodedValues, 'encoding' | 'bytes'>,
  { bits, least, divisor }: Packing,
): Uint8Array {
  const values = numbersOf(encoding, bytes);
  const rows = values.length;
  const out = new Uint32Array(packedBytes(rows, bits) / WORD_BYTES);
  const low = bits > WORD_BITS ? out.subarray(0, rows) : new Uint32Array(rows);
  const high = new Uint32Array(bits > WORD_BITS ? rows : 0);
  for (let row = 0; row < rows; row++) {
    const number = Math.round(values[row]! * divisor) - least;
    low[row] = number;
    if (bits > WORD_BITS) high[row] = number / TWO_32;
  }
  if (bits > WORD_BITS) packWords(high, bits - WORD_BITS, out.subarray(rows));
  else packWords(low, bits, out);
  return new Uint8Array(out.buffer);
}

/** The exact inverse. `bytes` need no alignment. */
export function unpack(bytes: Uint8Array, { bits, least, divisor }: Packing, out: Float64Array): void {
  const rows = out.length;
  const aligned = bytes.byteOffset % WORD_BYTES === 0 ? bytes : new Uint8Array(bytes);
  const words = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / WORD_BYTES);
  if (bits <= WORD_BITS) {
    unpackWords(words, { bits, least, divisor }, out);
    return;
  }
  unpackWords(words.subarray(rows), { bits: bits - WORD_BITS, least: 0, divisor: 1 }, out);
  for (let row = 0; row < rows; row++) out[row] = (out[row]! * TWO_32 + words[row]! + least) / divisor;
}

/** As doubles, whatever they are: a loop that has met several typed-array classes runs many times slower. */
function numbersOf(encoding: Encoding, { buffer, byteOffset, byteLength }: Uint8Array): Float64Array {
  if (encoding === 'u32') return new Float64Array(new Uint32Array(buffer, byteOffset, byteLength / 4));
  return new Float64Array(buffer, byteOffset, byteLength / 8);
}

const isWhole = (value: number, divisor: number): boolean => Math.round(value * divisor) / divisor === value;

function sampleIsWhole(values: Float64Array, divisor: number): boolean {
  const step = Math.max(1, Math.floor(values.length / SAMPLE_VALUES));
  for (let row = 0; row < values.length; row += step) if (!isWhole(values[row]!, divisor)) return false;
  return true;
}

/** Null where a value is not a whole number of parts, or is −0, for which no number stands. */
function wholeRange(values: Float64Array, divisor: number): { least: number; greatest: number } | null {
  let least = Number.POSITIVE_INFINITY;
  let greatest = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < values.length; row++) {
    const value = values[row]!;
    const number = Math.round(value * divisor);
    if (number / divisor !== value || (value === 0 && 1 / value < 0)) return null;
    if (number < least) least = number;
    if (number > greatest) greatest = number;
  }
  const isExact = least >= Number.MIN_SAFE_INTEGER && greatest <= Number.MAX_SAFE_INTEGER;
  return isExact && greatest - least <= Number.MAX_SAFE_INTEGER ? { least, greatest } : null;
}

function bitsOf(greatest: number): number {
  if (greatest < TWO_32) return Math.max(1, WORD_BITS - Math.clz32(greatest));
  return 2 * WORD_BITS - Math.clz32(Math.floor(greatest / TWO_32));
}

/** Lowest bit first. */
function packWords(numbers: Uint32Array, bits: number, out: Uint32Array): void {
  let bit = 0;
  for (let row = 0; row < numbers.length; row++) {
    const number = numbers[row]!;
    const word = bit >>> 5;
    const shift = bit & 31;
    out[word] = out[word]! | (number << shift);
    if (shift + bits > WORD_BITS) out[word + 1] = number >>> (WORD_BITS - shift);
    bit += bits;
  }
}

function unpackWords(words: Uint32Array, { bits, least, divisor }: Packing, out: Float64Array): void {
  const mask = bits === WORD_BITS ? 0xffff_ffff : (1 << bits) - 1;
  let bit = 0;
  for (let row = 0; row < out.length; row++) {
    const word = bit >>> 5;
    const shift = bit & 31;
    let number = words[word]! >>> shift;
    if (shift + bits > WORD_BITS) number |= words[word + 1]! << (WORD_BITS - shift);
    out[row] = (((number & mask) >>> 0) + least) / divisor;
    bit += bits;
  }
}
