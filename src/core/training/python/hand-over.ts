import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
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
import type { PythonLearner } from '../../../shared/definitions/training.ts';
import type { LearnRequest } from '../worker-messages.ts';

export const MODEL_FILE = 'model.onnx';
/** The script's own folder, so that it imports modules of its own. */
export const CODE_FOLDER = 'code';
const JOB_FILE = 'learner.json';
const LABEL = '__label';
const WEIGHT = '__weight';
/** Rows of one record batch: what a reader has to hold at a time. */
const BATCH_ROWS = 65_536;
const CELL_BYTES = Float32Array.BYTES_PER_ELEMENT;
/** For the model, and what the script writes beside. */
const SPARE_BYTES = 64 * 2 ** 20;

type Part = 'training' | 'validation' | 'test';

/** What the files will take. */
export const handOverBytes = ({ featureNames, rows }: LearnRequest): number =>
  (featureNames.length + 2) * rows * CELL_BYTES + SPARE_BYTES;

/** Writes what a script learns from into a folder: its code, the parts as Arrow files, and what they are in a JSON file. */
export async function handOver(folder: string, request: LearnRequest, learner: PythonLearner): Promise<void> {
  const { task, classes, featureNames, weights, seed, threads, train, validation, test } = request;
  writeCode(path.join(folder, CODE_FOLDER), learner);
  const held = train + validation;
  const parts: readonly [Part, number, number][] = [
    ['training', 0, train],
    ['validation', train, held],
    ['test', held, held + test],
  ];
  for (const [part, from, to] of parts)
    if (to > from) await writePart(path.join(folder, `${part}.arrow`), part, request, { from, to });
  const job = {
    format: 'falaj-learner-v1',
    task,
    classes: task === 'regression' ? null : (classes ?? ['0', '1']),
    features: featureNames,
    label: LABEL,
    weight: weights === null ? null : WEIGHT,
    rows: { training: train, validation, test },
    seed,
    threads,
    gpus: learner.gpus ?? null,
    parameters: learner.parameters,
    model: MODEL_FILE,
  };
  writeFileSync(path.join(folder, JOB_FILE), `${JSON.stringify(job, null, 2)}\n`);
}

export function writeCode(folder: string, { code }: PythonLearner): void {
  for (const [file, text] of Object.entries(code)) {
    const target = path.join(folder, file);
    mkdirSync(path.dirname(target), { recursive: true });
    writeFileSync(target, text);
  }
}

/** The columns of the matrix, then label and weight; the test part has neither. */
async function writePart(
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
      await new Promise((resolve) => setImmediate(resolve));
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
