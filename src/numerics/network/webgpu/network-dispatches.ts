import { decayOf } from '../adam.ts';
import { widthOf } from '../input.ts';
import type { NetworkParameters } from '../parameters.ts';
import type { NetworkPlan } from '../plan.ts';
import { type Dispatch, Dispatcher } from './dispatch.ts';
import type { GpuMemory } from './gpu-memory.ts';
import { type ProductKind, productShader, TILE } from './product-shader.ts';
import type { RowBuffers } from './row-buffers.ts';
import {
  GATHER_SIDE,
  gatherShader,
  LOSS_ROWS,
  lossShader,
  SWEEP_THREADS,
  scatterShader,
  tableUpdateShader,
} from './row-shaders.ts';
import type { StateBuffers } from './state-buffers.ts';
import { activationShader, UNITS, type UnitOptions, unitUpdateShader } from './unit-shaders.ts';

/** What is written for each batch. */
export interface BatchBuffers {
  readonly step: GPUBuffer;
  readonly rows: GPUBuffer;
  readonly links: GPUBuffer;
  readonly losses: GPUBuffer;
}

export interface NetworkDispatches {
  /** From rows to losses and the scores' gradients. */
  readonly forth: readonly Dispatch[];
  /** From there to new numbers. */
  readonly back: readonly Dispatch[];
}

const MOST_SWEEP_GROUPS = 4096;
const tiles = (count: number, side: number): number => Math.ceil(count / side);

/** All that a batch runs, in order. A layer's input gradient is taken before its weights change. */
export function createDispatches(
  memory: GpuMemory,
  { options, inputs, outputs, batchRows }: NetworkPlan,
  parameters: NetworkParameters,
  {
    state,
    rows,
    batch,
  }: { readonly state: StateBuffers; readonly rows: RowBuffers; readonly batch: BatchBuffers },
): NetworkDispatches {
  const kernels = new Dispatcher(memory, batch.step);
  const { decay, l2 } = decayOf(options);
  const width = widthOf(inputs);
  const last = parameters.layers.length - 1;
  const matrix = (columns: number): GPUBuffer => memory.storage(batchRows * columns * 4);
  const unitOptions: UnitOptions = { batchNorm: options.batchNorm, dropout: options.dropout };
  const first = matrix(width);
  const traces = parameters.layers.map(({ outputs: units, norm }, index) => ({
    linear: matrix(units),
    normalised: norm === null ? null : matrix(units),
    output: index === last ? null : matrix(units),
    gradient: matrix(units),
  }));
  const inputOf = (index: number): GPUBuffer => (index === 0 ? first : traces[index - 1]!.output!);
  const byColumns = (columns: number) => (count: number) =>
    [tiles(columns, GATHER_SIDE), tiles(count, GATHER_SIDE)] as const;
  const product = (
    kind: ProductKind,
    shape: { readonly rows: number; readonly columns: number; readonly depth: number },
    buffers: Readonly<Record<number, GPUBuffer>>,
  ): Dispatch =>
    kernels.make({
      code: productShader(kind),
      shape: { ...shape, ...(kind === 'weightUpdate' ? { decay, l2 } : {}) },
      buffers,
      groups: (count) => [
        tiles(shape.columns, TILE),
        tiles(kind === 'weightUpdate' ? shape.rows : count, TILE),
      ],
    });

  const forth: Dispatch[] = [
    kernels.make({
      code: gatherShader,
      shape: { columns: width, depth: rows.numberCount, rows: rows.tableCount },
      buffers: {
        1: batch.rows,
        2: rows.codes,
        3: rows.columns,
        4: rows.numbers,
        5: state.tables?.values ?? memory.storage(16),
        6: first,
      },
      groups: byColumns(width),
    }),
  ];
  for (const [index, { inputs: before, outputs: units }] of parameters.layers.entries()) {
    const { linear, normalised, output } = traces[index]!;
    const own = state.layers[index]!;
    forth.push(
      product(
        'forward',
        { rows: batchRows, columns: units, depth: before },
        { 1: inputOf(index), 2: own.weights.values, 3: own.units, 4: linear },
      ),
    );
    if (output === null) continue;
    forth.push(
      kernels.make({
        code: activationShader(unitOptions),
        shape: { columns: units, seed: Math.imul(index + 1, 0x9e3779b1) >>> 0 },
        buffers: { 1: linear, 2: output, ...(normalised === null ? {} : { 3: own.units, 4: normalised }) },
        groups: () => [tiles(units, UNITS), 1],
      }),
    );
  }
  const scores = traces[last]!;
  forth.push(
    kernels.make({
      code: lossShader(options.task.kind),
      shape: { columns: outputs },
      buffers: {
        1: batch.rows,
        2: rows.labels,
        3: rows.weights,
        4: scores.linear,
        5: scores.gradient,
        6: batch.losses,
      },
      groups: () => [tiles(batchRows, LOSS_ROWS), 1],
    }),
  );

  const back: Dispatch[] = [];
  const firstGradient = state.tables === null ? null : matrix(width);
  for (let index = last; index >= 0; index--) {
    const { inputs: before, outputs: units } = parameters.layers[index]!;
    const { gradient, normalised, output } = traces[index]!;
    const own = state.layers[index]!;
    back.push(
      kernels.make({
        code: unitUpdateShader(index === last ? null : unitOptions),
        shape: { columns: units },
        buffers: {
          1: gradient,
          2: own.units,
          ...(output === null ? {} : { 3: output }),
          ...(normalised === null ? {} : { 4: normalised }),
        },
        groups: () => [tiles(units, UNITS), 1],
      }),
    );
    const inputGradient = index === 0 ? firstGradient : traces[index - 1]!.gradient;
    if (inputGradient !== null)
      back.push(
        product(
          'inputGradient',
          { rows: batchRows, columns: before, depth: units },
          { 1: gradient, 2: own.weights.values, 4: inputGradient },
        ),
      );
    back.push(
      product(
        'weightUpdate',
        { rows: before, columns: units, depth: batchRows },
        {
          1: inputOf(index),
          2: gradient,
          4: own.weights.values,
          5: own.weights.means,
          6: own.weights.squares,
        },
      ),
    );
  }
  if (state.tables !== null && firstGradient !== null) {
    const { values, means, squares, gradients, count } = state.tables;
    back.push(
      kernels.make({
        code: scatterShader,
        shape: { columns: width, depth: batchRows, rows: rows.tableCount },
        buffers: {
          1: batch.rows,
          2: rows.codes,
          3: rows.columns,
          4: batch.links,
          5: firstGradient,
          6: gradients,
        },
        groups: byColumns(width),
      }),
      kernels.make({
        code: tableUpdateShader,
        shape: { columns: count, decay, l2 },
        buffers: { 1: values, 2: means, 3: squares, 4: gradients },
        groups: () => [Math.min(MOST_SWEEP_GROUPS, tiles(count, SWEEP_THREADS)), 1],
      }),
    );
  }
  return { forth, back };
}
