import type { TensorSpec } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { nearestHint } from '../../shared/nearest-name.ts';
import { findColumn, type Table } from '../../shared/table/column.ts';
import type { ModelFeature } from '../registry/index.ts';
import { encodeColumn } from './encode-column.ts';
import { rawTensor } from './raw-tensor.ts';
import type { WireTensor } from './tensor.ts';

/** Rows of model input, wherever they lie. */
export interface FeatureSource {
  readonly rows: number;
  /** What a model with these inputs reads for the rows [from, to). Throws UNSUPPORTED_FORMAT where it reads something else. */
  feeds(from: number, to: number, inputs: readonly TensorSpec[]): Record<string, WireTensor>;
}

/**
 * A table's columns for a model: as they are where it has an input for each, else encoded into its one matrix as the
 * metadata says. Every feature must be there by name.
 */
export function tableSource(table: Table, features: readonly ModelFeature[]): FeatureSource {
  const columns = features.map((feature) => {
    const column = findColumn(table, feature.name);
    if (column) return column;
    throw new FalajError(
      'UNKNOWN_COLUMN',
      `The model needs the column ${feature.name}, which is not there.`,
      {
        hint: nearestHint(
          feature.name,
          table.columns.map(({ name }) => name),
          'Add it. What the model’s training computes by itself, by expressions and from feature views, need not be there; `falaj models show` lists all that it reads.',
        ),
        details: { column: feature.name },
      },
    );
  });
  return {
    rows: table.rows,
    feeds: (from, to, inputs) => {
      if (readsRawColumns(features, inputs))
        return Object.fromEntries(
          features.map((feature, index) => [feature.name, rawTensor(columns[index]!, feature, from, to)]),
        );
      const name = matrixInput(inputs, features.length);
      const data = new Float32Array((to - from) * features.length);
      for (const [index, feature] of features.entries())
        encodeColumn(
          columns[index]!,
          feature,
          { from, to },
          { target: data, offset: index, stride: features.length },
        );
      return { [name]: { type: 'float32', dims: [to - from, features.length], data } };
    },
  };
}

/** Whether a model has one input per feature, by its name; models of before had one matrix of numbers. */
const readsRawColumns = (features: readonly ModelFeature[], inputs: readonly TensorSpec[]): boolean =>
  inputs.length === features.length &&
  features.every(({ name }) => inputs.some((input) => input.name === name));

/** Rows [from, to) of a column-major matrix with `stride` rows per column. */
export function matrixSource(
  matrix: Float32Array,
  stride: number,
  features: number,
  range: { readonly from: number; readonly to: number },
): FeatureSource {
  return {
    rows: range.to - range.from,
    feeds: (from, to, inputs) => {
      const name = matrixInput(inputs, features);
      const data = new Float32Array((to - from) * features);
      for (let feature = 0; feature < features; feature++) {
        const start = feature * stride + range.from;
        for (let row = from, position = feature; row < to; row++, position += features)
          data[position] = matrix[start + row]!;
      }
      return { [name]: { type: 'float32', dims: [to - from, features], data } };
    },
  };
}

/** The name of the one float32 matrix that a model reads. */
function matrixInput(inputs: readonly TensorSpec[], width: number): string {
  const [input] = inputs;
  const columns = input?.shape.at(-1);
  if (
    inputs.length !== 1 ||
    input === undefined ||
    input.type !== 'float32' ||
    (columns !== width && columns !== -1)
  )
    throw new FalajError(
      'UNSUPPORTED_FORMAT',
      `The model does not read one float32 matrix of ${width} columns.`,
    );
  return input.name;
}
