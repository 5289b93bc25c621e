import type { LabelTask } from '../labels/index.ts';
import type { MatrixRows } from '../linear/index.ts';
import { cpuBackend, type NetworkBackend } from './backend.ts';
import { NORM_EPSILON } from './batch-norm.ts';
import { categoryOf, type NetworkInput, standardise, widthOf } from './input.ts';
import type { NetworkParameters } from './parameters.ts';

/** A learned network: embeddings and numbers side by side, then dense layers with ReLU between them. */
export interface NetworkModel {
  readonly task: LabelTask;
  readonly inputs: readonly NetworkInput[];
  /** Columns of the matrix it reads. */
  readonly features: number;
  /** One table per category input, row-major, (categories + 1) × size. */
  readonly embeddings: readonly Float32Array[];
  /** Batch normalisation and the label's scale are folded into the weights. */
  readonly layers: readonly DenseLayer[];
}

export interface DenseLayer {
  readonly inputs: number;
  readonly outputs: number;
  /** Row-major, inputs × outputs. */
  readonly weights: Float32Array;
  readonly bias: Float32Array;
}

/** The model as it stands, with running figures in place of the batch's and the label's own scale in the last layer. */
export function toModel(
  task: LabelTask,
  inputs: readonly NetworkInput[],
  features: number,
  parameters: NetworkParameters,
  label: { readonly mean: number; readonly deviation: number },
): NetworkModel {
  const last = parameters.layers.length - 1;
  return {
    task,
    inputs,
    features,
    embeddings: parameters.embeddings.map(({ parameters: table }) => Float32Array.from(table)),
    layers: parameters.layers.map(({ inputs: before, outputs, weights, bias, norm }, index) => {
      const factor = (unit: number): number => {
        if (index === last) return label.deviation;
        return norm === null
          ? 1
          : norm.scale.parameters[unit]! / Math.sqrt(norm.runningVariance[unit]! + NORM_EPSILON);
      };
      const factors = Float64Array.from({ length: outputs }, (_, unit) => factor(unit));
      return {
        inputs: before,
        outputs,
        weights: Float32Array.from(
          { length: before * outputs },
          (_, at) => weights.parameters[at]! * factors[at % outputs]!,
        ),
        bias: Float32Array.from({ length: outputs }, (_, unit) => {
          const centred = bias.parameters[unit]! - (norm?.runningMean[unit] ?? 0);
          return (
            centred * factors[unit]! + (index === last ? label.mean : (norm?.shift.parameters[unit] ?? 0))
          );
        }),
      };
    }),
  };
}

const BLOCK_ROWS = 1024;

/** Probabilities or numbers for the rows of `data`; of a multiclass model row-major, one column per class. */
export function predictNetwork(
  model: NetworkModel,
  data: MatrixRows,
  backend: NetworkBackend = cpuBackend(),
): Float64Array {
  return createPredictor(backend, model)(model, data);
}

/** A predictor for models of one shape, whose memory is taken once. */
export function createPredictor(
  backend: NetworkBackend,
  shape: Pick<NetworkModel, 'inputs' | 'layers'>,
): (model: NetworkModel, data: MatrixRows) => Float64Array {
  const width = widthOf(shape.inputs);
  const first = backend.allocate(BLOCK_ROWS * width);
  const memory = shape.layers.map(({ inputs, outputs }) => ({
    weights: backend.allocate(inputs * outputs),
    values: backend.allocate(BLOCK_ROWS * outputs),
  }));
  return (model, data) => {
    for (const [index, { weights }] of model.layers.entries()) memory[index]!.weights.set(weights);
    const outputs = model.layers.at(-1)!.outputs;
    const predictions = new Float64Array((data.to - data.from) * outputs);
    for (let start = data.from; start < data.to; start += BLOCK_ROWS) {
      const rows = Math.min(BLOCK_ROWS, data.to - start);
      gather(model, data, start, rows, first, width);
      let input = first;
      for (const [index, layer] of model.layers.entries()) {
        const { weights, values } = memory[index]!;
        backend.multiply(
          { values: input, rows, columns: layer.inputs },
          { values: weights, rows: layer.inputs, columns: layer.outputs },
          { values, rows, columns: layer.outputs },
        );
        const isLast = index === model.layers.length - 1;
        for (let at = 0; at < rows * layer.outputs; at++) {
          const value = Math.fround(values[at]! + layer.bias[at % layer.outputs]!);
          values[at] = isLast ? value : Math.max(0, value);
        }
        input = values;
      }
      const target = predictions.subarray(
        (start - data.from) * outputs,
        (start - data.from + rows) * outputs,
      );
      for (let at = 0; at < target.length; at++) target[at] = input[at]!;
      applyLink(model.task, target, outputs);
    }
    return predictions;
  };
}

function gather(
  { inputs, embeddings }: NetworkModel,
  { matrix, rows: stride }: MatrixRows,
  start: number,
  rows: number,
  target: Float32Array,
  width: number,
): void {
  let at = 0;
  let table = 0;
  for (const input of inputs) {
    const offset = input.feature * stride + start;
    if (input.kind === 'number') {
      for (let row = 0; row < rows; row++)
        target[row * width + at] = standardise(matrix[offset + row]!, input);
      at++;
      continue;
    }
    const embedding = embeddings[table++]!;
    for (let row = 0; row < rows; row++) {
      const from = categoryOf(matrix[offset + row]!, input) * input.size;
      for (let d = 0; d < input.size; d++) target[row * width + at + d] = embedding[from + d]!;
    }
    at += input.size;
  }
}

/** Scores become probabilities in place: the logistic function, or softmax over each row. */
export function applyLink(task: LabelTask, scores: Float64Array, outputs: number): void {
  if (task.kind === 'regression') return;
  if (task.kind === 'binary') {
    for (let row = 0; row < scores.length; row++) scores[row] = 1 / (1 + Math.exp(-scores[row]!));
    return;
  }
  for (let start = 0; start < scores.length; start += outputs) {
    const row = scores.subarray(start, start + outputs);
    const top = row.reduce((most, score) => Math.max(most, score), Number.NEGATIVE_INFINITY);
    let sum = 0;
    for (let output = 0; output < outputs; output++) {
      row[output] = Math.exp(row[output]! - top);
      sum += row[output]!;
    }
    for (let output = 0; output < outputs; output++) row[output]! /= sum;
  }
}
