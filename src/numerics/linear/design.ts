import { FalajError } from '../../shared/errors.ts';
import type { MatrixRows } from './matrix-rows.ts';

/**
 * One column of a regression. A dense one is read as (value − mean) / deviation, a missing value as its mean; a sparse one is
 * 0 everywhere but at `rows`, and is not centred, so that it stays sparse.
 */
export type DesignColumn =
  | {
      readonly kind: 'dense';
      /** One value per row, NaN where missing. */
      readonly values: Float32Array;
      readonly mean: number;
      readonly deviation: number;
    }
  | {
      readonly kind: 'sparse';
      /** Ascending row numbers. */
      readonly rows: Uint32Array;
      /** Values at `rows`; all 1 where null, as in a one-hot column. */
      readonly values: Float32Array | null;
    };

/** The columns of a matrix, standardised by the weighted mean and deviation of their present values. */
export function standardisedColumns(data: MatrixRows, weights?: ArrayLike<number>): DesignColumn[] {
  const { matrix, rows, features, from, to } = data;
  return Array.from({ length: features }, (_, feature) => {
    const values = matrix.subarray(feature * rows + from, feature * rows + to);
    let [sum, mass] = [0, 0];
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!;
      if (Number.isNaN(value)) continue;
      if (!Number.isFinite(value))
        throw new FalajError('BAD_INPUT', `Feature ${feature + 1} is infinite in row ${from + row + 1}.`, {
          hint: 'Make it missing, or cap it, in an expression.',
          details: { feature, row: from + row },
        });
      const weight = weights === undefined ? 1 : weights[row]!;
      sum += weight * value;
      mass += weight;
    }
    // representable in float32, so that the exported graph takes off the very same mean
    const mean = mass === 0 ? 0 : Math.fround(sum / mass);
    let squares = 0;
    for (let row = 0; row < values.length; row++) {
      const value = values[row]!;
      if (!Number.isNaN(value)) squares += (weights === undefined ? 1 : weights[row]!) * (value - mean) ** 2;
    }
    const deviation = mass === 0 || squares === 0 ? 1 : Math.sqrt(squares / mass);
    return { kind: 'dense', values, mean, deviation };
  });
}

/** Σ rowᵢ · columnᵢ. */
export function columnDot(column: DesignColumn, row: Float64Array): number {
  let sum = 0;
  if (column.kind === 'dense') {
    const { values, mean, deviation } = column;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (!Number.isNaN(value)) sum += row[i]! * (value - mean);
    }
    return sum / deviation;
  }
  const { rows, values } = column;
  for (let k = 0; k < rows.length; k++) sum += row[rows[k]!]! * (values === null ? 1 : values[k]!);
  return sum;
}

/** Σ rowᵢ · columnᵢ². */
export function columnSquares(column: DesignColumn, row: Float64Array): number {
  let sum = 0;
  if (column.kind === 'dense') {
    const { values, mean, deviation } = column;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (!Number.isNaN(value)) sum += row[i]! * (value - mean) ** 2;
    }
    return sum / deviation ** 2;
  }
  const { rows, values } = column;
  for (let k = 0; k < rows.length; k++) sum += row[rows[k]!]! * (values === null ? 1 : values[k]! ** 2);
  return sum;
}

/** rowᵢ += factor · weightᵢ · columnᵢ; every weight is 1 where null. */
export function addColumn(
  column: DesignColumn,
  factor: number,
  row: Float64Array,
  weights: Float64Array | null,
): void {
  if (column.kind === 'dense') {
    const { values, mean } = column;
    const scale = factor / column.deviation;
    for (let i = 0; i < values.length; i++) {
      const value = values[i]!;
      if (Number.isNaN(value)) continue;
      row[i]! += scale * (value - mean) * (weights === null ? 1 : weights[i]!);
    }
    return;
  }
  const { rows, values } = column;
  for (let k = 0; k < rows.length; k++) {
    const i = rows[k]!;
    row[i]! += factor * (values === null ? 1 : values[k]!) * (weights === null ? 1 : weights[i]!);
  }
}
