import { mulberry32 } from '../arrays/mulberry32.ts';
import type { MatrixRows } from '../linear/index.ts';
import type { NetworkBackend } from './backend.ts';
import { type NormTrace, normalise, normTrace, unnormalise } from './batch-norm.ts';
import { categoryOf, type NetworkInput, standardise, widthOf } from './input.ts';
import type { NetworkParameters } from './parameters.ts';
import { standardisedRows } from './standardised-rows.ts';

/** What a layer leaves for the way back. */
interface Trace {
  readonly linear: Float32Array;
  /** Where the layer is normalised. */
  readonly norm: NormTrace | null;
  /** 0 where a unit was dropped, else 1 / (1 − dropout); null without dropout. */
  readonly mask: Float32Array | null;
  readonly output: Float32Array;
  readonly gradient: Float32Array;
}

export interface TrainingPass {
  /** Scores of the rows, row-major, with dropout drawn from `seed`. */
  forward(rows: Uint32Array, seed: number): Float32Array;
  /** Where the loss's gradient by each score goes before `backward`. */
  readonly scoreGradient: Float32Array;
  /** Fills every parameter's gradient, for the rows of the last `forward`. */
  backward(): void;
}

/** One batch forth and back; all memory is taken once. */
export function createTrainingPass(
  backend: NetworkBackend,
  data: MatrixRows,
  inputs: readonly NetworkInput[],
  parameters: NetworkParameters,
  dropout: number,
  batchRows: number,
): TrainingPass {
  const width = widthOf(inputs);
  const first = backend.allocate(batchRows * width);
  const firstGradient = backend.allocate(batchRows * width);
  const last = parameters.layers.length - 1;
  const traces = parameters.layers.map((layer, index): Trace => {
    const size = batchRows * layer.outputs;
    return {
      linear: backend.allocate(size),
      norm: layer.norm === null ? null : normTrace(backend.allocate(size), layer.outputs),
      mask: dropout > 0 && index < last ? new Float32Array(size) : null,
      output: index === last ? new Float32Array(0) : backend.allocate(size),
      gradient: backend.allocate(size),
    };
  });
  const numbers = inputs.filter(({ kind }) => kind === 'number').length;
  const standardised = standardisedRows(data, inputs);
  let rows: Uint32Array = new Uint32Array(0);

  const gather = (): void => {
    let at = 0;
    let table = 0;
    if (standardised !== null) {
      for (let r = 0; r < rows.length; r++) {
        const from = (rows[r]! - data.from) * numbers;
        for (let place = 0; place < numbers; place++) first[r * width + place] = standardised[from + place]!;
      }
    }
    for (const input of inputs) {
      const column = data.matrix.subarray(input.feature * data.rows, (input.feature + 1) * data.rows);
      if (input.kind === 'number') {
        if (standardised === null)
          for (let r = 0; r < rows.length; r++) first[r * width + at] = standardise(column[rows[r]!]!, input);
        at++;
        continue;
      }
      const embedding = parameters.embeddings[table++]!.parameters;
      for (let r = 0; r < rows.length; r++) {
        const from = categoryOf(column[rows[r]!]!, input) * input.size;
        for (let d = 0; d < input.size; d++) first[r * width + at + d] = embedding[from + d]!;
      }
      at += input.size;
    }
  };

  const scatter = (): void => {
    let at = numbers;
    let table = 0;
    for (const input of inputs) {
      if (input.kind === 'number') continue;
      const column = data.matrix.subarray(input.feature * data.rows, (input.feature + 1) * data.rows);
      const gradient = parameters.embeddings[table++]!.gradients.fill(0);
      for (let r = 0; r < rows.length; r++) {
        const to = categoryOf(column[rows[r]!]!, input) * input.size;
        for (let d = 0; d < input.size; d++) gradient[to + d]! += firstGradient[r * width + at + d]!;
      }
      at += input.size;
    }
  };

  return {
    scoreGradient: traces[last]!.gradient,
    forward(batch, seed) {
      rows = batch;
      gather();
      let input = first;
      for (const [index, layer] of parameters.layers.entries()) {
        const trace = traces[index]!;
        backend.multiply(
          { values: input, rows: rows.length, columns: layer.inputs },
          { values: layer.weights.parameters, rows: layer.inputs, columns: layer.outputs },
          { values: trace.linear, rows: rows.length, columns: layer.outputs },
        );
        addBias(trace.linear, layer.bias.parameters, rows.length, layer.outputs);
        if (index === last) return trace.linear;
        if (trace.norm !== null) normalise(layer, trace.linear, trace.norm, rows.length);
        activate(
          trace,
          rows.length * layer.outputs,
          dropout,
          mulberry32(seed ^ Math.imul(index + 1, 0x9e3779b1)),
        );
        input = trace.output;
      }
      return input;
    },
    backward() {
      for (let index = last; index >= 0; index--) {
        const layer = parameters.layers[index]!;
        const { gradient } = traces[index]!;
        if (index < last) {
          deactivate(traces[index]!, rows.length * layer.outputs);
          const { norm } = traces[index]!;
          if (norm !== null) unnormalise(layer, gradient, norm, rows.length);
        }
        columnSums(gradient, layer.bias.gradients, rows.length, layer.outputs);
        const input = index === 0 ? first : traces[index - 1]!.output;
        const inputGradient = index === 0 ? firstGradient : traces[index - 1]!.gradient;
        const scores = { values: gradient, rows: rows.length, columns: layer.outputs };
        backend.multiply(
          { values: input, rows: layer.inputs, columns: rows.length, transposed: true },
          scores,
          { values: layer.weights.gradients, rows: layer.inputs, columns: layer.outputs },
        );
        if (index === 0 && parameters.embeddings.length === 0) return;
        backend.multiply(
          scores,
          { values: layer.weights.parameters, rows: layer.outputs, columns: layer.inputs, transposed: true },
          { values: inputGradient, rows: rows.length, columns: layer.inputs },
        );
      }
      scatter();
    },
  };
}

function addBias(values: Float32Array, bias: Float32Array, rows: number, units: number): void {
  for (let row = 0, at = 0; row < rows; row++)
    for (let unit = 0; unit < units; unit++) values[at++]! += bias[unit]!;
}

function columnSums(values: Float32Array, sums: Float32Array, rows: number, units: number): void {
  sums.fill(0);
  for (let row = 0, at = 0; row < rows; row++)
    for (let unit = 0; unit < units; unit++) sums[unit]! += values[at++]!;
}

/** ReLU, then inverted dropout. */
function activate(
  { linear: before, output, mask }: Trace,
  count: number,
  dropout: number,
  random: () => number,
): void {
  if (mask === null) {
    for (let at = 0; at < count; at++) output[at] = Math.max(0, before[at]!);
    return;
  }
  const kept = 1 / (1 - dropout);
  for (let at = 0; at < count; at++) {
    mask[at] = random() < dropout ? 0 : kept;
    output[at] = Math.max(0, before[at]!) * mask[at]!;
  }
}

function deactivate({ gradient, output, mask }: Trace, count: number): void {
  for (let at = 0; at < count; at++)
    gradient[at] = output[at]! > 0 ? gradient[at]! * (mask === null ? 1 : mask[at]!) : 0;
}
