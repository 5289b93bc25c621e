const HIGH = 4_294_967_296;
const DAY_MICROS = 86_400_000_000;

/** The array's own bytes; numbers are little-endian on every platform that Node runs on. */
export const bytesOf = (values: Float64Array | BigInt64Array | Int32Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength);

/** Whole doubles as 64-bit integers. */
export function integerBytes(values: Float64Array): Uint8Array {
  const out = new Int32Array(values.length * 2);
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    // An array of 32-bit integers keeps the lowest 32 bits of a number, its sign included.
    out[2 * index] = value;
    out[2 * index + 1] = Math.floor(value / HIGH);
  }
  return bytesOf(out);
}

/** Microseconds as 32-bit days since 1970-01-01. */
export const dayBytes = (values: Float64Array): Uint8Array => bytesOf(Int32Array.from(daysOf(values)));

export function daysOf(values: Float64Array): Float64Array {
  const out = new Float64Array(values.length);
  for (let index = 0; index < values.length; index++) out[index] = Math.floor(values[index]! / DAY_MICROS);
  return out;
}

/** Least and greatest, or null where there is none or a NaN makes an order meaningless. */
export function rangeOf(values: Float64Array): Float64Array | null {
  if (values.length === 0) return null;
  let min = values[0]!;
  let max = values[0]!;
  for (let index = 0; index < values.length; index++) {
    const value = values[index]!;
    if (Number.isNaN(value)) return null;
    if (value < min) min = value;
    if (value > max) max = value;
  }
  // Parquet: a least value of zero is written negative, a greatest one positive, since readers tell the two apart.
  return Float64Array.of(min === 0 ? -0 : min, max === 0 ? 0 : max);
}
