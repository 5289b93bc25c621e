/** One field of a message as it lies in its bytes (protobuf.dev/programming-guides/encoding). */
export type ProtobufField =
  | { readonly number: number; readonly kind: 'varint'; readonly value: bigint }
  | { readonly number: number; readonly kind: 'fixed64' | 'fixed32' | 'bytes'; readonly bytes: Uint8Array };

const VARINT = 0;
const FIXED64 = 1;
const BYTES = 2;
const FIXED32 = 5;
const LONGEST_VARINT = 10;

/**
 * The fields of a message in their order.
 *
 * @throws RangeError where the bytes are not a message.
 */
export function* protobufFields(message: Uint8Array): Generator<ProtobufField> {
  let at = 0;
  const varint = (): bigint => {
    let value = 0n;
    for (let length = 0; length < LONGEST_VARINT; length++) {
      const byte = message[at++];
      if (byte === undefined) throw new RangeError('A number is cut off.');
      value |= BigInt(byte & 0x7f) << BigInt(7 * length);
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new RangeError('A number has more than 64 bits.');
  };
  const take = (length: number): Uint8Array => {
    if (length > message.length - at) throw new RangeError('A field is cut off.');
    at += length;
    return message.subarray(at - length, at);
  };
  while (at < message.length) {
    const key = Number(varint());
    const number = Math.floor(key / 8);
    switch (key % 8) {
      case VARINT:
        yield { number, kind: 'varint', value: varint() };
        break;
      case FIXED64:
        yield { number, kind: 'fixed64', bytes: take(8) };
        break;
      case BYTES:
        yield { number, kind: 'bytes', bytes: take(Number(varint())) };
        break;
      case FIXED32:
        yield { number, kind: 'fixed32', bytes: take(4) };
        break;
      default:
        throw new RangeError(`A field has the unknown kind ${key % 8}.`);
    }
  }
}

export const doubleOf = (bytes: Uint8Array): number => view(bytes).getFloat64(0, true);
export const floatOf = (bytes: Uint8Array): number => view(bytes).getFloat32(0, true);

const view = ({ buffer, byteOffset, byteLength }: Uint8Array): DataView =>
  new DataView(buffer, byteOffset, byteLength);
