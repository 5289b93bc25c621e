import { FalajError } from '../../shared/errors.ts';
import { addColumn, columnDot, type DesignColumn, standardisedColumns } from './design.ts';
import type { ElasticNetFit } from './elastic-net.ts';
import type { MatrixRows } from './matrix-rows.ts';
import type { LinearModel } from './model.ts';
import { twoSidedPoint, twoSidedTail } from './student-t.ts';

export interface CoefficientInference {
  readonly estimate: number;
  readonly standardError: number;
  /** Estimate over standard error: z of a classifier, t of a regression. */
  readonly statistic: number;
  readonly pValue: number;
  readonly lower: number;
  readonly upper: number;
}

export interface Inference {
  /** In the columns' own units: a standardised column's coefficient per unit of the value itself. */
  readonly coefficients: readonly CoefficientInference[];
  /** At the columns' means. */
  readonly intercept: CoefficientInference;
  /** Of Student's t; infinite for a classifier, whose coefficients are normal in the limit. */
  readonly degreesOfFreedom: number;
}

/**
 * Standard errors of an unpenalised fit from the inverse of the observed information, for a regression times the residual
 * variance (McCullagh and Nelder 1989, ch. 4). Columns that others explain make it singular, which is refused by name.
 *
 * @param fit of a binary task or a regression, with l1 = l2 = 0
 * @param confidence of the interval, such as 0.95
 */
export function inferCoefficients(
  columns: readonly DesignColumn[],
  labels: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
  task: 'binary' | 'regression',
  fit: Pick<ElasticNetFit, 'coefficients' | 'intercepts'>,
  confidence = 0.95,
): Inference {
  const rows = labels.length;
  const size = columns.length + 1;
  const scores = new Float64Array(rows).fill(fit.intercepts[0]!);
  for (const [index, column] of columns.entries())
    addColumn(column, fit.coefficients[0]![index]!, scores, null);
  const curvature = new Float64Array(rows);
  let squares = 0;
  for (let row = 0; row < rows; row++) {
    const weight = weights?.[row] ?? 1;
    const chance = 1 / (1 + Math.exp(-scores[row]!));
    curvature[row] = weight * (task === 'binary' ? chance * (1 - chance) : 1);
    squares += weight * (labels[row]! - scores[row]!) ** 2;
  }
  const degreesOfFreedom = task === 'binary' ? Number.POSITIVE_INFINITY : rows - size;
  if (degreesOfFreedom <= 0)
    throw new FalajError('NO_ROWS', 'There are too few rows for standard errors.', {
      hint: 'A regression needs more rows than coefficients.',
      details: { rows, coefficients: size },
    });
  const information = informationMatrix(columns, curvature);
  const variances = inverseDiagonal(information, size);
  const scale = task === 'binary' ? 1 : squares / degreesOfFreedom;
  const point = twoSidedPoint(1 - confidence, degreesOfFreedom);
  const describe = (value: number, variance: number, unit: number): CoefficientInference => {
    const estimate = value / unit;
    const standardError = Math.sqrt(variance * scale) / unit;
    const statistic = estimate / standardError;
    return {
      estimate,
      standardError,
      statistic,
      pValue: twoSidedTail(statistic, degreesOfFreedom),
      lower: estimate - point * standardError,
      upper: estimate + point * standardError,
    };
  };
  return {
    coefficients: columns.map((column, index) =>
      describe(
        fit.coefficients[0]![index]!,
        variances[index + 1]!,
        column.kind === 'dense' ? column.deviation : 1,
      ),
    ),
    intercept: describe(fit.intercepts[0]!, variances[0]!, 1),
    degreesOfFreedom,
  };
}

/** The same of a fitted model and the rows it learned from; the labels are theirs alone. */
export function inferLinear(
  model: LinearModel,
  data: MatrixRows,
  labels: ArrayLike<number>,
  confidence = 0.95,
): Inference {
  const { kind } = model.task;
  if (kind === 'multiclass')
    throw new FalajError('BAD_INPUT', 'The coefficients of many classes have no standard errors here.');
  const columns = standardisedColumns(data);
  const coefficients = model.weights[0]!.map((weight, index) => {
    const column = columns[index]!;
    return column.kind === 'dense' ? weight * column.deviation : weight;
  });
  const fit = { coefficients: [coefficients], intercepts: model.intercepts };
  return inferCoefficients(columns, labels, undefined, kind, fit, confidence);
}

/** XᵀWX with the intercept first, row-major. */
function informationMatrix(columns: readonly DesignColumn[], curvature: Float64Array): Float64Array {
  const size = columns.length + 1;
  const matrix = new Float64Array(size * size);
  matrix[0] = curvature.reduce((sum, value) => sum + value, 0);
  const weighted = new Float64Array(curvature.length);
  for (let i = 0; i < columns.length; i++) {
    weighted.fill(0);
    addColumn(columns[i]!, 1, weighted, curvature);
    const total = weighted.reduce((sum, value) => sum + value, 0);
    matrix[i + 1] = total;
    matrix[(i + 1) * size] = total;
    for (let j = 0; j <= i; j++) {
      const value = columnDot(columns[j]!, weighted);
      matrix[(i + 1) * size + j + 1] = value;
      matrix[(j + 1) * size + i + 1] = value;
    }
  }
  return matrix;
}

const SINGULAR = 1e-10;

/** The diagonal of a positive definite matrix's inverse, by Cholesky's factors and their inverse. */
function inverseDiagonal(matrix: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * size + j]!;
      for (let k = 0; k < j; k++) sum -= factor[i * size + k]! * factor[j * size + k]!;
      if (i !== j) factor[i * size + j] = sum / factor[j * size + j]!;
      else if (sum > SINGULAR * matrix[i * size + i]!) factor[i * size + i] = Math.sqrt(sum);
      else
        throw new FalajError(
          'BAD_INPUT',
          `Column ${i} is constant or a sum of columns before it: its coefficient has no standard error.`,
          { hint: 'Remove the column, or use a penalty.', details: { column: i - 1 } },
        );
    }
  }
  const diagonal = new Float64Array(size);
  const solved = new Float64Array(size);
  for (let column = 0; column < size; column++) {
    solved.fill(0);
    for (let i = column; i < size; i++) {
      let sum = i === column ? 1 : 0;
      for (let k = column; k < i; k++) sum -= factor[i * size + k]! * solved[k]!;
      solved[i] = sum / factor[i * size + i]!;
      diagonal[column]! += solved[i]! ** 2;
    }
  }
  return diagonal;
}
