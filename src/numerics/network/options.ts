import { FalajError } from '../../shared/errors.ts';
import { type LabelTask, requireLabel } from '../labels/index.ts';
import type { MatrixRows } from '../linear/index.ts';

export type Schedule =
  | { readonly kind: 'constant' }
  /** Half a cosine from the learning rate to 0 over all epochs. */
  | { readonly kind: 'cosine' }
  /** Times `factor` after every `epochs` epochs. */
  | { readonly kind: 'step'; readonly epochs: number; readonly factor: number };

export interface NetworkOptions {
  readonly data: MatrixRows;
  /** Rows [from, to) of the same matrix, by whose loss the best epoch is chosen; none where absent or empty. */
  readonly validation?: { readonly from: number; readonly to: number } | undefined;
  /** One per row of the whole matrix: a number, 0 or 1, or a class. */
  readonly labels: ArrayLike<number>;
  readonly weights?: ArrayLike<number> | undefined;
  readonly task: LabelTask;
  /** For each feature its number of categories, numbered from 0, or 0 where it is a number. */
  readonly categories?: readonly number[];
  /** Units of each hidden layer. */
  readonly hidden: readonly number[];
  readonly dropout: number;
  readonly batchNorm: boolean;
  readonly epochs: number;
  readonly batchRows: number;
  readonly learningRate: number;
  readonly schedule: Schedule;
  /** Steps over which the learning rate rises from 0. */
  readonly warmupSteps: number;
  readonly optimizer: 'adam' | 'adamw';
  /** Of the weights: apart from the gradient in adamw, a penalty within it in adam. */
  readonly weightDecay: number;
  /** Epochs without a better validation loss after which the fit stops. */
  readonly earlyStopping?: number | undefined;
  readonly seed: number;
}

const LARGEST_EMBEDDINGS = 64 * 1024 * 1024;

/** Numbers per category: grows with the fourth root of their count. */
export const embeddingSize = (categories: number): number =>
  Math.max(2, Math.min(64, Math.round(1.6 * categories ** 0.56)));

/** Refuses options and rows that cannot be learned from, by name. */
export function checkNetworkOptions(options: NetworkOptions): void {
  const refuse = (option: string, why: string): never => {
    throw new FalajError('BAD_INPUT', `${option} ${why}.`, { details: { option } });
  };
  const { data, labels, task } = options;
  if (data.to - data.from < 2)
    throw new FalajError('NO_ROWS', 'A network needs at least two rows to learn from.');
  if (!(options.dropout >= 0 && options.dropout < 1)) refuse('dropout', 'is a share from 0 to below 1');
  if (!(options.learningRate > 0 && Number.isFinite(options.learningRate)))
    refuse('learningRate', 'is above 0');
  if (!(Number.isInteger(options.batchRows) && options.batchRows >= 2)) refuse('batchRows', 'is at least 2');
  if (options.hidden.some((units) => !(Number.isInteger(units) && units >= 1)))
    refuse('hidden', 'lists whole numbers from 1 up');
  const embeddings = (options.categories ?? []).reduce(
    (sum, count) => sum + (count > 0 ? (count + 1) * embeddingSize(count) : 0),
    0,
  );
  if (embeddings > LARGEST_EMBEDDINGS)
    throw new FalajError('TOO_LARGE', 'The categories need more embeddings than a network here may have.', {
      hint: 'Use a column with fewer categories, or a feature view keyed by it.',
      details: { numbers: embeddings, largest: LARGEST_EMBEDDINGS },
    });
  let [varies, first] = [false, Number.NaN];
  for (let row = data.from; row < data.to; row++) {
    const label = labels[row]!;
    requireLabel(task, label, row);
    if (row === data.from) first = label;
    else if (label !== first) varies = true;
  }
  if (!varies)
    throw new FalajError(
      'LABEL_UNUSABLE',
      'The label has one value only, from which nothing can be learned.',
    );
  for (let feature = 0; feature < data.features; feature++)
    for (let row = data.from; row < data.to; row++) {
      const value = data.matrix[feature * data.rows + row]!;
      if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY)
        throw new FalajError('BAD_INPUT', `Feature ${feature + 1} is infinite in row ${row + 1}.`, {
          hint: 'Make it missing, or cap it, in an expression.',
          details: { feature, row },
        });
    }
}
