import { mulberry32 } from '../arrays/mulberry32.ts';
import type { AdamState, NetworkBackend } from './backend.ts';
import { type NetworkInput, widthOf } from './input.ts';

/** Numbers that are learned, with their gradients and Adam's moments side by side. */
export interface Parameter extends AdamState {
  readonly decays: boolean;
}

export interface Layer {
  readonly inputs: number;
  readonly outputs: number;
  /** Row-major, inputs × outputs. */
  readonly weights: Parameter;
  readonly bias: Parameter;
  readonly norm: {
    readonly scale: Parameter;
    readonly shift: Parameter;
    readonly runningMean: Float32Array;
    readonly runningVariance: Float32Array;
  } | null;
}

export interface NetworkParameters {
  readonly embeddings: readonly Parameter[];
  readonly layers: readonly Layer[];
  /** All that a checkpoint must keep, always in the same order. */
  readonly state: readonly Float32Array[];
  /** All that the model is made of. */
  readonly model: readonly Float32Array[];
  readonly all: readonly Parameter[];
}

/** Weights by He et al. 2015 (uniform), embeddings uniform in ±0.05, biases 0; from the seed alone. */
export function createParameters(
  backend: Pick<NetworkBackend, 'allocate'>,
  inputs: readonly NetworkInput[],
  hidden: readonly number[],
  outputs: number,
  batchNorm: boolean,
  seed: number,
): NetworkParameters {
  const random = mulberry32(seed);
  const all: Parameter[] = [];
  const running: Float32Array[] = [];
  const create = (length: number, decays: boolean, limit: number): Parameter => {
    const [parameters, gradients, means, squares] = Array.from({ length: 4 }, () => backend.allocate(length));
    for (let index = 0; limit > 0 && index < length; index++) parameters![index] = (random() * 2 - 1) * limit;
    const parameter = {
      parameters: parameters!,
      gradients: gradients!,
      means: means!,
      squares: squares!,
      decays,
    };
    all.push(parameter);
    return parameter;
  };
  const embeddings = inputs.flatMap((input) =>
    input.kind === 'category' ? [create((input.categories + 1) * input.size, true, 0.05)] : [],
  );
  const sizes = [widthOf(inputs), ...hidden, outputs];
  const layers = sizes.slice(1).map((units, index): Layer => {
    const before = sizes[index]!;
    const weights = create(before * units, true, Math.sqrt((index === hidden.length ? 1 : 6) / before));
    const bias = create(units, false, 0);
    if (!batchNorm || index === hidden.length)
      return { inputs: before, outputs: units, weights, bias, norm: null };
    const scale = create(units, false, 0);
    scale.parameters.fill(1, 0, units);
    const shift = create(units, false, 0);
    const runningMean = backend.allocate(units);
    const runningVariance = backend.allocate(units).fill(1);
    running.push(runningMean, runningVariance);
    return {
      inputs: before,
      outputs: units,
      weights,
      bias,
      norm: { scale, shift, runningMean, runningVariance },
    };
  });
  const model = [...all.map(({ parameters }) => parameters), ...running];
  const state = [...model, ...all.flatMap(({ means, squares }) => [means, squares])];
  return { embeddings, layers, all, model, state };
}
