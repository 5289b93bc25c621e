import { FalajError } from '../../../shared/errors.ts';
import { type CategoryInput, categoryOf } from '../input.ts';
import type { NetworkPlan } from '../plan.ts';
import { standardisedRows } from '../standardised-rows.ts';
import type { GpuMemory } from './gpu-memory.ts';
import { FIRST_LINK, NO_TABLE } from './row-shaders.ts';

/** The rows to learn from and to measure by, on the device once and for all. */
export interface RowBuffers {
  /** Row of the matrix that lies first there. */
  readonly start: number;
  readonly numbers: GPUBuffer;
  readonly numberCount: number;
  /** Each row's category of each table, row by row. */
  readonly codes: GPUBuffer;
  readonly codesAtHome: Uint32Array;
  readonly tableCount: number;
  readonly labels: GPUBuffer;
  readonly weights: GPUBuffer;
  /** What each column of the first layer's input is; see row-shaders.ts. */
  readonly columns: GPUBuffer;
}

/** @param tableStarts first number of each table among all of them. */
export function createRowBuffers(
  memory: GpuMemory,
  { options, inputs, label }: NetworkPlan,
  tableStarts: readonly number[],
): RowBuffers {
  const { data, validation, labels, weights } = options;
  const hasValidation = validation !== undefined && validation.to > validation.from;
  const start = hasValidation ? Math.min(data.from, validation.from) : data.from;
  const end = hasValidation ? Math.max(data.to, validation.to) : data.to;
  const numberCount = inputs.filter(({ kind }) => kind === 'number').length;
  const numbers = standardisedRows({ ...data, from: start, to: end }, inputs);
  if (numbers === null && numberCount > 0)
    throw new FalajError('TOO_LARGE', 'The rows take more memory than a GPU is given here.', {
      hint: 'Use fewer rows or features, or learn on the CPU.',
    });
  const categories = inputs.filter((input): input is CategoryInput => input.kind === 'category');
  const codes = new Uint32Array((end - start) * categories.length);
  for (const [table, input] of categories.entries()) {
    const column = data.matrix.subarray(input.feature * data.rows, (input.feature + 1) * data.rows);
    for (let row = start; row < end; row++)
      codes[(row - start) * categories.length + table] = categoryOf(column[row]!, input);
  }
  let place = 0;
  let table = 0;
  const columns = inputs.flatMap((input) => {
    if (input.kind === 'number') return [NO_TABLE, place++, 0, 0];
    const own = table++;
    return Array.from({ length: input.size }, (_, d) => [own, tableStarts[own]! + d, input.size, 0]).flat();
  });
  return {
    start,
    numbers: memory.filled(numbers ?? new Float32Array(4)),
    numberCount,
    codes: memory.filled(codes),
    codesAtHome: codes,
    tableCount: categories.length,
    labels: memory.filled(
      Float32Array.from(
        { length: end - start },
        (_, row) => (labels[start + row]! - label.mean) / label.deviation,
      ),
    ),
    weights: memory.filled(
      Float32Array.from({ length: end - start }, (_, row) => weights?.[start + row] ?? 1),
    ),
    columns: memory.filled(Uint32Array.from(columns)),
  };
}

/**
 * For each table and row of a batch the next row of the same category, and which is the first.
 *
 * @param rows of the device's, counted from its first.
 * @returns tables × `stride`; see {@link FIRST_LINK}.
 */
export function linkCategories(
  { codesAtHome, tableCount }: Pick<RowBuffers, 'codesAtHome' | 'tableCount'>,
  rows: Uint32Array,
  stride: number,
): Uint32Array {
  const links = new Uint32Array(tableCount * stride);
  for (let table = 0; table < tableCount; table++) {
    const latest = new Map<number, number>();
    for (let place = 0; place < rows.length; place++) {
      const code = codesAtHome[rows[place]! * tableCount + table]!;
      const before = latest.get(code);
      if (before === undefined) links[table * stride + place] = FIRST_LINK;
      else links[table * stride + before]! += place + 1;
      latest.set(code, place);
    }
  }
  return links;
}
