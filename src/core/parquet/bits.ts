/** Unsigned LEB128. */
export function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  while (rest >= 0x80) {
    bytes.push((rest % 0x80) | 0x80);
    rest = Math.floor(rest / 0x80);
  }
  return [...bytes, rest];
}

/** Bits needed for the numbers 0 to `count − 1`, at least one. */
export const bitWidth = (count: number): number => Math.max(1, 32 - Math.clz32(Math.max(0, count - 1)));

/** `width` bits a value (at most 24), lowest bit first, filled up with zeros to whole groups of eight values. */
export function packBits(values: Uint8Array | Uint32Array, width: number): Uint8Array {
  if (width === 1 && values instanceof Uint8Array) return packTruths(values);
  const out = new Uint8Array(Math.ceil(values.length / 8) * width);
  let at = 0;
  let pending = 0;
  let bits = 0;
  for (let index = 0; index < values.length; index++) {
    pending |= values[index]! << bits;
    bits += width;
    for (; bits >= 8; bits -= 8) {
      out[at++] = pending;
      pending >>>= 8;
    }
  }
  if (bits > 0) out[at] = pending;
  return out;
}

/** Eight values, each 0 or 1, in a byte. */
function packTruths(values: Uint8Array): Uint8Array {
  const out = new Uint8Array(Math.ceil(values.length / 8));
  const whole = values.length >> 3;
  for (let at = 0; at < whole; at++) {
    const from = at << 3;
    out[at] =
      values[from]! |
      (values[from + 1]! << 1) |
      (values[from + 2]! << 2) |
      (values[from + 3]! << 3) |
      (values[from + 4]! << 4) |
      (values[from + 5]! << 5) |
      (values[from + 6]! << 6) |
      (values[from + 7]! << 7);
  }
  for (let at = whole << 3; at < values.length; at++)
    out[at >> 3] = out[at >> 3]! | (values[at]! << (at & 7));
  return out;
}

/** One bit-packed run of the RLE / bit-packing hybrid (Apache Parquet format, Encodings.md). */
export function bitPackedRun(values: Uint8Array | Uint32Array, width: number): Uint8Array {
  const header = varint(Math.ceil(values.length / 8) * 2 + 1);
  const packed = packBits(values, width);
  const out = new Uint8Array(header.length + packed.length);
  out.set(header);
  out.set(packed, header.length);
  return out;
}

/** One run of `count` ones, one bit wide, of the same hybrid. */
export const runOfOnes = (count: number): Uint8Array => Uint8Array.of(...varint(count * 2), 1);
