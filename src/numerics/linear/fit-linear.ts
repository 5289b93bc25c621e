import { FalajError } from '../../shared/errors.ts';
import { requireLabel } from '../labels/index.ts';
import { standardisedColumns } from './design.ts';
import { type ElasticNetFit, fitElasticNet } from './elastic-net.ts';
import { fitSmooth } from './fit-smooth.ts';
import type { LinearModel } from './model.ts';
import type { FitLinearOptions } from './options.ts';

/**
 * Logistic, multinomial or linear regression on standardised features: by L-BFGS, or with an l1 penalty by coordinate
 * descent.
 *
 * @throws LABEL_UNUSABLE naming the row, BAD_INPUT for a weight below 0 or an infinite feature, NO_ROWS where no row
 *   counts.
 */
export function fitLinear(options: FitLinearOptions): LinearModel {
  checkRows(options);
  return (options.l1 ?? 0) > 0 ? fitSparse(options) : fitSmooth(options);
}

function checkRows({ data, labels, weights, task }: FitLinearOptions): void {
  let [mass, first, varies] = [0, Number.NaN, false];
  for (let row = data.from; row < data.to; row++) {
    requireLabel(task, labels[row]!, row);
    const weight = weights === undefined ? 1 : weights[row]!;
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY))
      throw new FalajError('BAD_INPUT', `The weight of row ${row + 1} is no number from 0 up.`, {
        details: { row },
      });
    if (weight === 0) continue;
    mass += weight;
    if (Number.isNaN(first)) first = labels[row]!;
    else if (labels[row] !== first) varies = true;
  }
  if (mass === 0) throw new FalajError('NO_ROWS', 'There is no row with a weight above 0 to learn from.');
  if (!varies)
    throw new FalajError(
      'LABEL_UNUSABLE',
      'The label has one value only, from which nothing can be learned.',
      {
        hint: 'Use rows of at least two different labels.',
      },
    );
}

function fitSparse(options: FitLinearOptions): LinearModel {
  const { data, labels, task, l1 = 0, l2, maxIterations, onIteration } = options;
  const ownWeights =
    options.weights === undefined
      ? undefined
      : Float64Array.from({ length: data.to - data.from }, (_, row) => options.weights![data.from + row]!);
  const columns = standardisedColumns(data, ownWeights);
  const own = Float64Array.from({ length: data.to - data.from }, (_, row) => labels[data.from + row]!);
  const scaleOf = (index: number): number => {
    const column = columns[index]!;
    return column.kind === 'dense' ? column.deviation : 1;
  };
  const means = Float64Array.from(columns, (column) => (column.kind === 'dense' ? column.mean : 0));
  const toModel = ({
    coefficients,
    intercepts,
  }: Pick<ElasticNetFit, 'coefficients' | 'intercepts'>): LinearModel => ({
    task,
    weights: coefficients.map((output) => output.map((value, index) => value / scaleOf(index))),
    intercepts: intercepts.slice(),
    means,
  });
  const fit = fitElasticNet({
    columns,
    labels: own,
    weights: ownWeights,
    task,
    l1,
    l2,
    maxIterations,
    onIteration: (iteration, loss, at) => onIteration?.(iteration, loss, toModel(at)),
  });
  return toModel(fit);
}
