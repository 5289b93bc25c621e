import { closeSync, openSync, writeSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import {
  AsyncByteQueue,
  type DataType,
  Field,
  Float32,
  Int32,
  makeData,
  RecordBatch,
  RecordBatchFileWriter,
  Schema,
  Struct,
} from 'apache-arrow';
import type { LearnRequest } from '../worker-messages.ts';

export const LABEL = '__label';
export const WEIGHT = '__weight';
/** Rows of one record batch: what a reader has to hold at a time. */
const BATCH_ROWS = 65_536;

export type Part = 'training' | 'validation' | 'test';

/** Writes one part as an Arrow file: the columns of the matrix, then label and weight; the test part has neither. */
export async function writePart(
  file: string,
  part: Part,
  { matrix, rows, featureNames, labels, weights, task }: LearnRequest,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<void> {
  const columns: { readonly name: string; readonly type: DataType; readonly values: Float32Array }[] =
    featureNames.map((name, feature) => ({
      name,
      type: new Float32(),
      values: matrix.subarray(feature * rows, (feature + 1) * rows),
    }));
  if (part !== 'test') {
    columns.push({ name: LABEL, type: task === 'regression' ? new Float32() : new Int32(), values: labels });
    if (weights !== null) columns.push({ name: WEIGHT, type: new Float32(), values: weights });
  }
  const schema = new Schema(columns.map(({ name, type }) => new Field(name, type, false)));
  const descriptor = openSync(file, 'wx', 0o600);
  try {
    const writer = new RecordBatchFileWriter();
    writer.reset(new FileSink(descriptor), schema);
    for (let first = from; first < to; first += BATCH_ROWS) {
      const last = Math.min(to, first + BATCH_ROWS);
      const children = columns.map(({ type, values }) => {
        const own = values.slice(first, last);
        const data = type instanceof Int32 ? Int32Array.from(own) : own;
        return makeData({ type, length: last - first, nullCount: 0, data } as Parameters<typeof makeData>[0]);
      });
      const rowsOfBatch = { type: new Struct(schema.fields), length: last - first, nullCount: 0, children };
      writer.write(new RecordBatch(schema, makeData(rowsOfBatch)));
      // A breath between batches: the engine goes on answering.
      await turn();
    }
    writer.close();
  } finally {
    closeSync(descriptor);
  }
}

/** Writes at once what the Arrow writer gives. */
class FileSink extends AsyncByteQueue {
  readonly #descriptor: number;

  constructor(descriptor: number) {
    super();
    this.#descriptor = descriptor;
  }

  override write(bytes: Uint8Array): void {
    for (let written = 0; written < bytes.length; )
      written += writeSync(this.#descriptor, bytes, written, bytes.length - written);
  }
}
