const [C1, C2] = [0xcc9e2d51, 0x1b873593];
const rotate = (value: number, bits: number): number => (value << bits) | (value >>> (32 - bits));
const encoder = new TextEncoder();

/** MurmurHash3 (x86, 32 bits; Appleby, public domain) of a text's UTF-8 bytes, from 0 up: ONNX Runtime's own text hash. */
export function textHash(text: string, seed: number): number {
  const bytes = encoder.encode(text);
  let hash = seed | 0;
  const whole = bytes.length & ~3;
  for (let at = 0; at < whole; at += 4) {
    const word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    hash ^= Math.imul(rotate(Math.imul(word, C1), 15), C2);
    hash = (Math.imul(rotate(hash, 13), 5) + 0xe6546b64) | 0;
  }
  let tail = 0;
  for (let at = bytes.length - 1; at >= whole; at--) tail = (tail << 8) | bytes[at]!;
  if (bytes.length > whole) hash ^= Math.imul(rotate(Math.imul(tail, C1), 15), C2);
  hash ^= bytes.length;
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
