import { doubleOf, floatOf, protobufFields } from './protobuf-fields.ts';

/** A scalar of a TensorBoard event. */
export interface EventScalar {
  readonly tag: string;
  readonly step: number;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly value: number;
}

const DT_FLOAT = 1n;
const DT_DOUBLE = 2n;

/**
 * The scalars of an Event message (tensorflow/core/util/event.proto, framework/summary.proto and tensor.proto): simple values
 * and tensors of one float. Other summaries (images, histograms, graphs) are left out.
 *
 * @throws RangeError where the bytes are not a message.
 */
export function eventScalars(message: Uint8Array): EventScalar[] {
  let [step, at] = [0, 0];
  const values: { tag: string; value: number }[] = [];
  for (const field of protobufFields(message)) {
    if (field.number === 1 && field.kind === 'fixed64') at = doubleOf(field.bytes) * 1000;
    else if (field.number === 2 && field.kind === 'varint') step = Number(BigInt.asIntN(64, field.value));
    else if (field.number === 5 && field.kind === 'bytes') values.push(...summaryValues(field.bytes));
  }
  return values.map((one) => ({ ...one, step, at: Math.round(at) }));
}

function* summaryValues(summary: Uint8Array): Generator<{ tag: string; value: number }> {
  for (const field of protobufFields(summary)) {
    if (field.number !== 1 || field.kind !== 'bytes') continue;
    let tag = '';
    let value: number | null = null;
    for (const part of protobufFields(field.bytes)) {
      if (part.number === 1 && part.kind === 'bytes') tag = Buffer.from(part.bytes).toString('utf8');
      else if (part.number === 2 && part.kind === 'fixed32') value = floatOf(part.bytes);
      else if (part.number === 8 && part.kind === 'bytes') value = tensorValue(part.bytes);
    }
    if (tag !== '' && value !== null) yield { tag, value };
  }
}

/** Null for a tensor that is not a single float. */
function tensorValue(tensor: Uint8Array): number | null {
  let type = 0n;
  let content: Uint8Array | null = null;
  for (const field of protobufFields(tensor)) {
    if (field.number === 1 && field.kind === 'varint') type = field.value;
    else if (field.number === 2 && field.kind === 'bytes' && hasDimensions(field.bytes)) return null;
    else if (field.number === 4 && field.kind === 'bytes' && field.bytes.length > 0) content = field.bytes;
    // Packed or alone, a single value lies in its plain bytes.
    else if ((field.number === 5 || field.number === 6) && field.kind !== 'varint') content = field.bytes;
  }
  if (content === null) return null;
  if (type === DT_FLOAT && content.length === 4) return floatOf(content);
  return type === DT_DOUBLE && content.length === 8 ? doubleOf(content) : null;
}

const hasDimensions = (shape: Uint8Array): boolean =>
  [...protobufFields(shape)].some(({ number }) => number === 2);
