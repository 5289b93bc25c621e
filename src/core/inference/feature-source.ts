import { FalajError } from '../../shared/errors.ts';
import { findColumn, type Table } from '../../shared/table/column.ts';
import type { ModelFeature } from '../registry/index.ts';
import { encodeColumn } from './encode-column.ts';

/** Rows of model input, wherever they lie. */
export interface FeatureSource {
  readonly rows: number;
  /** Writes the rows [from, to) row by row into `target`, one float32 per feature. */
  fill(from: number, to: number, target: Float32Array): void;
}

/** Encodes a table's columns as the model's metadata says. Every feature must be there by name. */
export function tableSource(table: Table, features: readonly ModelFeature[]): FeatureSource {
  const columns = features.map((feature) => {
    const column = findColumn(table, feature.name);
    if (column) return column;
    throw new FalajError(
      'UNKNOWN_COLUMN',
      `The model needs the column ${feature.name}, which is not there.`,
      {
        hint: 'Give every column that `falaj models show` lists.',
        details: { column: feature.name },
      },
    );
  });
  return {
    rows: table.rows,
    fill: (from, to, target) => {
      for (const [index, feature] of features.entries()) {
        encodeColumn(
          columns[index]!,
          feature,
          { from, to },
          { target, offset: index, stride: features.length },
        );
      }
    },
  };
}

/** Rows [from, to) of a column-major matrix with `stride` rows per column. */
export function matrixSource(
  matrix: Float32Array,
  stride: number,
  features: number,
  range: { readonly from: number; readonly to: number },
): FeatureSource {
  return {
    rows: range.to - range.from,
    fill: (from, to, target) => {
      for (let feature = 0; feature < features; feature++) {
        const start = feature * stride + range.from;
        for (let row = from, position = feature; row < to; row++, position += features)
          target[position] = matrix[start + row]!;
      }
    },
  };
}
