const DIGIT_BITS = 11;
const DIGIT_SIZE = 1 << DIGIT_BITS;
const DIGIT_MASK = DIGIT_SIZE - 1;
/** Digits of a 64-bit key from the least significant: which half it lies in and how far to shift. */
const DIGITS = [
  { high: false, shift: 0 },
  { high: false, shift: 11 },
  { high: false, shift: 22 },
  { high: true, shift: 0 },
  { high: true, shift: 11 },
  { high: true, shift: 22 },
] as const;

/**
 * Row numbers in ascending order of value, equal values in row order; rows with NaN are left out.
 * Data that already lies in order costs one pass; otherwise a least-significant-digit radix sort over the bits of the
 * doubles, skipping digits in which all keys agree.
 */
export function rowsInAscendingOrder(values: Float64Array): Uint32Array {
  const rows = presentRows(values);
  if (isAscending(values, rows)) return rows;
  const { high, low } = sortableHalves(values);
  let source = rows;
  let target: Uint32Array = new Uint32Array(rows.length);
  for (const digit of DIGITS) {
    const half = digit.high ? high : low;
    const offsets = digitOffsets(half, source, digit.shift);
    if (offsets === null) continue;
    scatterByDigit(half, digit.shift, source, target, offsets);
    [source, target] = [target, source];
  }
  return source;
}

function presentRows(values: Float64Array): Uint32Array {
  const rows = new Uint32Array(values.length);
  let present = 0;
  for (let row = 0; row < values.length; row++) {
    rows[present] = row;
    present += Number.isNaN(values[row]!) ? 0 : 1;
  }
  return rows.subarray(0, present);
}

function isAscending(values: Float64Array, rows: Uint32Array): boolean {
  for (let i = 1; i < rows.length; i++) {
    if (values[rows[i - 1]!]! > values[rows[i]!]!) return false;
  }
  return true;
}

/** The two halves of each double, changed so that unsigned comparison of (high, low) orders like the numbers. */
function sortableHalves(values: Float64Array): { high: Uint32Array; low: Uint32Array } {
  const words = new Int32Array(values.buffer, values.byteOffset, values.length * 2);
  const high = new Uint32Array(values.length);
  const low = new Uint32Array(values.length);
  for (let row = 0; row < values.length; row++) {
    const upper = words[2 * row + 1]!;
    const lower = words[2 * row]!;
    high[row] = upper < 0 ? ~upper : upper ^ 0x80000000;
    low[row] = upper < 0 ? ~lower : lower;
  }
  return { high, low };
}

/** Where each digit value starts in the output, or null when all keys share the digit. */
function digitOffsets(half: Uint32Array, rows: Uint32Array, shift: number): Uint32Array | null {
  const counts = new Uint32Array(DIGIT_SIZE);
  for (let i = 0; i < rows.length; i++) {
    const digit = (half[rows[i]!]! >>> shift) & DIGIT_MASK;
    counts[digit] = counts[digit]! + 1;
  }
  let total = 0;
  for (let digit = 0; digit < DIGIT_SIZE; digit++) {
    const count = counts[digit]!;
    if (count === rows.length) return null;
    counts[digit] = total;
    total += count;
  }
  return counts;
}

function scatterByDigit(
  half: Uint32Array,
  shift: number,
  source: Uint32Array,
  target: Uint32Array,
  offsets: Uint32Array,
): void {
  for (let i = 0; i < source.length; i++) {
    const row = source[i]!;
    const digit = (half[row]! >>> shift) & DIGIT_MASK;
    const place = offsets[digit]!;
    offsets[digit] = place + 1;
    target[place] = row;
  }
}
