import { FalajError } from '../../shared/errors.ts';
import type { MatrixRows } from '../linear/index.ts';
import { checkLabels, type Objective } from './objective.ts';

export interface FitGbdtOptions {
  /** The whole matrix, NaN where missing; `from` and `to` are the training rows. */
  readonly data: MatrixRows;
  /** Rows on which early stopping judges; empty when from equals to. */
  readonly validation: { readonly from: number; readonly to: number };
  /** One per row of the whole matrix. */
  readonly labels: Float32Array;
  /** How much each row of the whole matrix counts, at least 0; 1 unless given. */
  readonly weights?: Float32Array | undefined;
  /** For classifiers: a factor for the weight of every row of each class. */
  readonly classWeights?: readonly number[] | undefined;
  readonly objective: Objective;
  /** Features whose values are category numbers, whole and at least 0. */
  readonly categorical?: readonly boolean[] | undefined;
  /** Per feature: 1 where predictions must not fall as it rises, −1 where they must not rise, else 0. */
  readonly monotone?: readonly number[] | undefined;
  readonly trees: number;
  readonly leaves: number;
  /** Decisions above a leaf, at most. */
  readonly maxDepth?: number | undefined;
  readonly learningRate: number;
  /** Within a leaf rows are not counted while splits are sought: a share of its hessian stands for that share of its rows. */
  readonly minRowsPerLeaf: number;
  /** Least sum of hessians in a leaf. */
  readonly minChildWeight?: number | undefined;
  readonly l1?: number | undefined;
  readonly l2: number;
  /** Bins of a feature, 2 to 255, besides the one of missing values. */
  readonly maxBins?: number | undefined;
  /** Chance of each row to take part in a round, and share of the features that a tree may use; above 0, at most 1. */
  readonly rowSampling?: number | undefined;
  readonly columnSampling?: number | undefined;
  readonly seed?: number | undefined;
  /** Rounds without a lower validation loss after which growing stops; the best model is kept. */
  readonly earlyStopping?: number | undefined;
  /** Mean losses per row after each round: those of the objective; for squared error its root. */
  readonly onTree?: (round: number, trainLoss: number, validationLoss: number | null) => void;
}

/** The settings that growing a tree needs, all of them. */
export interface GrowSettings {
  readonly leaves: number;
  readonly maxDepth: number;
  readonly learningRate: number;
  readonly minRowsPerLeaf: number;
  readonly minChildWeight: number;
  readonly l1: number;
  readonly l2: number;
}

/** A bin is a byte, of which one value stands for a missing number. */
export const MOST_BINS = 255;
const LEAST_HESSIAN = 1e-3;

/** What a tree is grown by, with the defaults in place. */
export const growSettings = (options: FitGbdtOptions): GrowSettings => ({
  leaves: options.leaves,
  maxDepth: options.maxDepth ?? Number.POSITIVE_INFINITY,
  learningRate: options.learningRate,
  minRowsPerLeaf: options.minRowsPerLeaf,
  minChildWeight: options.minChildWeight ?? LEAST_HESSIAN,
  l1: options.l1 ?? 0,
  l2: options.l2,
});

/** Refuses what cannot be fitted, naming the option or the row. */
export function checkOptions(options: FitGbdtOptions): void {
  const { data, validation, objective } = options;
  const rows = data.to - data.from;
  if (rows < 1) throw bad('data', 'There are no training rows.', 'Choose a smaller test or validation part.');
  if (data.features < 1) throw bad('data', 'There are no features.', 'Name at least one feature.');
  within('maxBins', options.maxBins ?? MOST_BINS, 2, MOST_BINS);
  within('leaves', options.leaves, 2, 100_000);
  within('trees', options.trees, 1, 1_000_000);
  within('learningRate', options.learningRate, Number.MIN_VALUE, Number.MAX_VALUE);
  within('maxDepth', options.maxDepth ?? 1, 1, Number.POSITIVE_INFINITY);
  for (const name of ['l1', 'l2', 'minRowsPerLeaf', 'minChildWeight'] as const)
    within(name, options[name] ?? 0, 0, Number.MAX_VALUE);
  for (const name of ['rowSampling', 'columnSampling'] as const)
    within(name, options[name] ?? 1, Number.MIN_VALUE, 1);
  if (objective.kind === 'quantile') within('alpha', objective.alpha, 1e-9, 1 - 1e-9);
  if (objective.kind === 'huber') within('delta', objective.delta, 1e-30, 1e30);
  if (objective.kind === 'multiclass') within('classes', objective.classes, 2, 10_000);
  checkLabels(objective, options.labels.subarray(data.from, data.to));
  checkLabels(objective, options.labels.subarray(validation.from, validation.to));
  checkWeights(options);
  checkMonotone(options);
  checkCategories(options);
}

/** Whole numbers beyond this are not all float32 numbers; and a table of all categories must stay small. */
const MOST_CATEGORY = 2 ** 24 - 1;

function checkCategories({ categorical, data, validation }: FitGbdtOptions): void {
  for (const [feature, isCategory] of (categorical ?? []).entries()) {
    if (!isCategory) continue;
    for (const { from, to } of [data, validation])
      for (let row = from; row < to; row++) {
        const value = data.matrix[feature * data.rows + row]!;
        if (Number.isNaN(value) || (value >= 0 && value <= MOST_CATEGORY && Number.isInteger(value)))
          continue;
        throw bad(
          'categorical',
          `The category of feature ${feature} in row ${row} is no whole number from 0 to ${MOST_CATEGORY}: ${value}.`,
          'Number the categories from 0.',
        );
      }
  }
}

function checkWeights({ weights, classWeights, data, objective }: FitGbdtOptions): void {
  if (classWeights !== undefined) {
    const classes = objective.kind === 'binary' ? 2 : objective.kind === 'multiclass' ? objective.classes : 0;
    if (classWeights.length !== classes)
      throw bad(
        'classWeights',
        `There are ${classWeights.length} class weights for ${classes} classes.`,
        'Give one weight per class.',
      );
    if (!classWeights.every((weight) => Number.isFinite(weight) && weight >= 0))
      throw bad(
        'classWeights',
        'A class weight is negative or not finite.',
        'Weights are numbers from 0 up.',
      );
  }
  if (weights === undefined) return;
  let total = 0;
  for (let row = data.from; row < data.to; row++) {
    const weight = weights[row]!;
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY))
      throw bad(
        'weights',
        `The weight of row ${row} is negative or not finite: ${weight}.`,
        'Weights are numbers from 0 up.',
      );
    total += weight;
  }
  if (total <= 0)
    throw bad('weights', 'All training rows have weight 0.', 'Give some rows a weight above 0.');
}

function checkMonotone({ monotone, categorical, objective, data }: FitGbdtOptions): void {
  if (monotone === undefined || monotone.every((direction) => direction === 0)) return;
  if (objective.kind === 'multiclass')
    throw bad(
      'monotone',
      'Monotone constraints need one score; a model of many classes has several.',
      'Remove the constraints, or train one class against the rest.',
    );
  if (objective.kind === 'absolute' || objective.kind === 'quantile')
    throw bad(
      'monotone',
      `Monotone constraints cannot be kept with the objective ${objective.kind}: its leaves are set by quantiles.`,
      'Use huber or squared, or remove the constraints.',
    );
  for (let feature = 0; feature < data.features; feature++) {
    const direction = monotone[feature] ?? 0;
    if (![-1, 0, 1].includes(direction))
      throw bad(
        'monotone',
        `The direction of feature ${feature} is ${direction}.`,
        'Directions are −1, 0 and 1.',
      );
    if (direction !== 0 && categorical?.[feature])
      throw bad(
        'monotone',
        `Feature ${feature} is categorical and has no order to keep.`,
        'Constrain numeric features only.',
      );
  }
}

function within(name: string, value: number, least: number, most: number): void {
  if (!(value >= least && value <= most))
    throw bad(
      name,
      `The option ${name} is ${value}.`,
      `It must lie between ${least === Number.MIN_VALUE ? 0 : least} and ${most}.`,
    );
}

const bad = (option: string, message: string, hint: string): FalajError =>
  new FalajError('BAD_INPUT', message, { hint, details: { option } });
