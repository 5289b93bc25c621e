/*
 * The values of the given rows, in the given order. One function per element type: a loop that has met several typed-array
 * classes runs many times slower.
 */

export function takeBytes(values: Uint8Array, rows: Uint32Array): Uint8Array {
  const out = new Uint8Array(rows.length);
  for (let at = 0; at < out.length; at++) out[at] = values[rows[at]!]!;
  return out;
}

export function takeCodes(values: Uint32Array, rows: Uint32Array): Uint32Array {
  const out = new Uint32Array(rows.length);
  for (let at = 0; at < out.length; at++) out[at] = values[rows[at]!]!;
  return out;
}

export function takeNumbers(values: Float64Array, rows: Uint32Array): Float64Array {
  const out = new Float64Array(rows.length);
  for (let at = 0; at < out.length; at++) out[at] = values[rows[at]!]!;
  return out;
}

export function takeWide(values: BigInt64Array, rows: Uint32Array): BigInt64Array {
  const out = new BigInt64Array(rows.length);
  for (let at = 0; at < out.length; at++) out[at] = values[rows[at]!]!;
  return out;
}
