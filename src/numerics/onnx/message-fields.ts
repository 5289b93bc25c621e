import { FalajError } from '../../shared/errors.ts';

/** One field of a protobuf message. */
export interface MessageField {
  readonly number: number;
  /** The field as it is written, with its number in front. */
  readonly raw: Uint8Array;
  /** Of a varint; 0 for other fields. */
  readonly integer: number;
  /** Of a text, a message or packed numbers; empty for other fields. */
  readonly body: Uint8Array;
}

const EMPTY = new Uint8Array(0);
const [VARINT, FIXED64, LENGTH, FIXED32] = [0, 1, 2, 5];

/**
 * The fields of a message in their order; a message within is the `body` of one.
 *
 * @throws MALFORMED_FILE for bytes that are no message.
 */
export function* messageFields(message: Uint8Array): Generator<MessageField> {
  let at = 0;
  const varint = (): number => {
    let [value, factor] = [0, 1];
    for (let byte = 128; byte >= 128; factor *= 128) {
      // Ten bytes are a number of 64 bits; what is beyond 53 of them is not told apart.
      if (at >= message.length || factor > 2 ** 63) throw malformed();
      byte = message[at++]!;
      value += (byte & 127) * factor;
    }
    return value;
  };
  while (at < message.length) {
    const start = at;
    const tag = varint();
    const [number, kind] = [Math.floor(tag / 8), tag % 8];
    let integer = 0;
    let body: Uint8Array = EMPTY;
    if (kind === VARINT) integer = varint();
    else if (kind === LENGTH) {
      const length = varint();
      body = message.subarray(at, at + length);
      at += length;
    } else if (kind === FIXED64) at += 8;
    else if (kind === FIXED32) at += 4;
    else throw malformed();
    if (at > message.length || number === 0) throw malformed();
    yield { number, raw: message.subarray(start, at), integer, body };
  }
}

const decoder = new TextDecoder();

export const textOf = ({ body }: Pick<MessageField, 'body'>): string => decoder.decode(body);

/** The messages of some fields. Lists of numbers may be a field for each of millions: nothing else of them is kept. */
export function bodiesOf(message: Uint8Array, numbers: readonly number[]): Uint8Array[] {
  const bodies: Uint8Array[] = [];
  for (const { number, body } of messageFields(message)) if (numbers.includes(number)) bodies.push(body);
  return bodies;
}

const malformed = (): FalajError => new FalajError('MALFORMED_FILE', 'The bytes are no ONNX model.');
