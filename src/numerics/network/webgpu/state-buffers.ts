import type { Layer, NetworkParameters, Parameter } from '../parameters.ts';
import type { GpuMemory, HomeComing } from './gpu-memory.ts';
import { UNIT_LINES, type UnitLine } from './unit-shaders.ts';

/** Numbers that are learned, with Adam's moments. */
export interface ParameterBuffers {
  readonly values: GPUBuffer;
  readonly means: GPUBuffer;
  readonly squares: GPUBuffer;
}

export interface LayerBuffers {
  readonly weights: ParameterBuffers;
  /** The lines of {@link UNIT_LINES}, each as long as the layer has units. */
  readonly units: GPUBuffer;
}

export interface StateBuffers {
  /** All tables one after another; null without categories. */
  readonly tables: (ParameterBuffers & { readonly gradients: GPUBuffer; readonly count: number }) | null;
  readonly layers: readonly LayerBuffers[];
  /** Where each part of the state at home lies on the device. */
  readonly parts: readonly HomeComing[];
}

/** Everything that a step changes, on the device. */
export function createStateBuffers(memory: GpuMemory, parameters: NetworkParameters): StateBuffers {
  const parts: HomeComing[] = [];
  const create = (numbers: number): ParameterBuffers => ({
    values: memory.storage(numbers * 4),
    means: memory.storage(numbers * 4),
    squares: memory.storage(numbers * 4),
  });
  const place = ({ values, means, squares }: ParameterBuffers, at: number, own: Parameter): void => {
    parts.push({ buffer: values, from: at, target: own.parameters });
    parts.push({ buffer: means, from: at, target: own.means });
    parts.push({ buffer: squares, from: at, target: own.squares });
  };
  const count = parameters.embeddings.reduce((sum, own) => sum + own.parameters.length, 0);
  const tables = count === 0 ? null : { ...create(count), gradients: memory.storage(count * 4), count };
  let at = 0;
  for (const own of parameters.embeddings) {
    place(tables!, at, own);
    at += own.parameters.byteLength;
  }
  const layers = parameters.layers.map((layer) => {
    const weights = create(layer.weights.parameters.length);
    place(weights, 0, layer.weights);
    const units = memory.storage(UNIT_LINES.length * layer.outputs * 4);
    for (const [line, target] of unitLines(layer))
      parts.push({ buffer: units, from: UNIT_LINES.indexOf(line) * layer.outputs * 4, target });
    return { weights, units };
  });
  return { tables, layers, parts };
}

/** A layer's figures of each unit at home, without what rounds them up to whole vectors. */
function unitLines({ outputs, bias, norm }: Layer): readonly (readonly [UnitLine, Float32Array])[] {
  const of = (
    name: 'bias' | 'scale' | 'shift',
    own: Parameter,
  ): readonly (readonly [UnitLine, Float32Array])[] => [
    [name, own.parameters.subarray(0, outputs)],
    [`${name}Mean`, own.means.subarray(0, outputs)],
    [`${name}Square`, own.squares.subarray(0, outputs)],
  ];
  if (norm === null) return of('bias', bias);
  return [
    ...of('bias', bias),
    ...of('scale', norm.scale),
    ...of('shift', norm.shift),
    ['runningMean', norm.runningMean.subarray(0, outputs)],
    ['runningVariance', norm.runningVariance.subarray(0, outputs)],
  ];
}
