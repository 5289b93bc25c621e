import { FalajError } from '../../shared/errors.ts';
import type { GradientKernelName } from './kernels.ts';
import { weightedQuantile } from './weighted-quantile.ts';

/** What the trees minimise, with its own parameters. */
export type Objective =
  /** Labels 0 and 1; log loss in nats. */
  | { readonly kind: 'binary' }
  /** Labels 0 … classes − 1; cross entropy in nats. */
  | { readonly kind: 'multiclass'; readonly classes: number }
  | { readonly kind: 'squared' }
  | { readonly kind: 'absolute' }
  /** Pinball loss of the quantile `alpha`, between 0 and 1. */
  | { readonly kind: 'quantile'; readonly alpha: number }
  /** Labels ≥ 0; the mean's logarithm is modelled. */
  | { readonly kind: 'poisson' }
  /** Squared up to `delta` from the label, linear beyond. */
  | { readonly kind: 'huber'; readonly delta: number };

/** How a score becomes a prediction. */
export type Link = 'identity' | 'logistic' | 'softmax' | 'exponential';

/** Multiplies Poisson's curvature, as if scores could move 0.7 before it is looked at again: keeps steps from overshooting. */
const POISSON_SAFETY = Math.exp(0.7);

interface ObjectiveTraits {
  readonly kernel: GradientKernelName;
  readonly kernelArguments: readonly number[];
  readonly link: Link;
  /** Whether the curvature is 1 for every row of weight 1, so that nothing needs to be stored. */
  readonly constantHessian: boolean;
  /** The quantile of the residuals that replaces a leaf's value: the gradient says where it lies, not how far. */
  readonly leafQuantile: number | null;
  /** From the sum of losses and the sum of weights to the loss that is reported. */
  meanLoss(sum: number, weight: number): number;
}

const mean = (sum: number, weight: number): number => sum / weight;

/** What sets an objective apart for the kernels, the leaves and the link. */
export function traitsOf(objective: Objective): ObjectiveTraits {
  const smooth = { kernelArguments: [], leafQuantile: null, constantHessian: false, meanLoss: mean } as const;
  const flat = { ...smooth, link: 'identity', constantHessian: true } as const;
  switch (objective.kind) {
    case 'binary':
      return { ...smooth, kernel: 'logistic', link: 'logistic' };
    case 'multiclass':
      return { ...smooth, kernel: 'softmax', link: 'softmax' };
    case 'squared':
      return { ...flat, kernel: 'squared', meanLoss: (sum, weight) => Math.sqrt(sum / weight) };
    case 'absolute':
      // Half the absolute error is the pinball loss of the median.
      return {
        ...flat,
        kernel: 'pinball',
        kernelArguments: [0.5],
        leafQuantile: 0.5,
        meanLoss: (sum, weight) => (2 * sum) / weight,
      };
    case 'quantile':
      return {
        ...flat,
        kernel: 'pinball',
        kernelArguments: [objective.alpha],
        leafQuantile: objective.alpha,
      };
    case 'poisson':
      return { ...smooth, kernel: 'poisson', kernelArguments: [POISSON_SAFETY], link: 'exponential' };
    case 'huber':
      return { ...flat, kernel: 'huber', kernelArguments: [objective.delta] };
  }
}

/** Scores of a row, and trees of a round. */
export const outputsOf = (objective: Objective): number =>
  objective.kind === 'multiclass' ? objective.classes : 1;

/** Refuses labels that the objective cannot have, naming the first such row. */
export function checkLabels(objective: Objective, labels: Float32Array): void {
  for (let row = 0; row < labels.length; row++) {
    const label = labels[row]!;
    if (!Number.isFinite(label))
      throw unusable(row, label, 'is not a finite number', 'Leave such rows out, or correct them.');
    if (objective.kind === 'binary' && label !== 0 && label !== 1)
      throw unusable(row, label, 'is neither 0 nor 1', 'Number the classes, or choose another objective.');
    if (objective.kind === 'poisson' && label < 0)
      throw unusable(row, label, 'is negative', 'Counts are at least 0; choose another objective.');
    if (
      objective.kind === 'multiclass' &&
      !(Number.isInteger(label) && label >= 0 && label < objective.classes)
    )
      throw unusable(
        row,
        label,
        `is not a class from 0 to ${objective.classes - 1}`,
        'Number the classes from 0.',
      );
  }
}

/**
 * The scores before any tree: the best constant for the training rows, on the scale of the scores, in float32.
 *
 * @throws LABEL_UNUSABLE where there is nothing to learn: one class only, or no event at all.
 */
export function startingScores(objective: Objective, labels: Float32Array, weights: Float32Array): number[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const average = labels.reduce((sum, label, row) => sum + label * weights[row]!, 0) / total;
  switch (objective.kind) {
    case 'binary':
      if (average <= 0 || average >= 1) throw oneClass();
      return [Math.fround(Math.log(average / (1 - average)))];
    case 'multiclass': {
      const shares = new Float64Array(objective.classes);
      for (let row = 0; row < labels.length; row++) shares[labels[row]!]! += weights[row]! / total;
      if (shares.filter((share) => share > 0).length < 2) throw oneClass();
      // A class that no training row has starts far below the others.
      return Array.from(shares, (share) => Math.fround(Math.log(Math.max(share, 1e-12))));
    }
    case 'poisson':
      if (average <= 0)
        throw new FalajError('LABEL_UNUSABLE', 'The label counts no event in any training row.', {
          hint: 'Train on rows some of which have a count above 0.',
        });
      return [Math.fround(Math.log(average))];
    case 'absolute':
      return [Math.fround(weightedQuantile(labels, weights, 0.5))];
    case 'quantile':
      return [Math.fround(weightedQuantile(labels, weights, objective.alpha))];
    case 'squared':
    case 'huber':
      return [Math.fround(average)];
  }
}

/** Scores, one list per output, become predictions in place. */
export function applyLink(link: Link, scores: readonly Float64Array[]): void {
  const [first] = scores;
  if (first === undefined || link === 'identity') return;
  if (link === 'logistic') for (const [row, x] of first.entries()) first[row] = 1 / (1 + Math.exp(-x));
  if (link === 'exponential') for (const [row, x] of first.entries()) first[row] = Math.exp(x);
  if (link !== 'softmax') return;
  for (let row = 0; row < first.length; row++) {
    let most = Number.NEGATIVE_INFINITY;
    for (const one of scores) most = Math.max(most, one[row]!);
    let sum = 0;
    for (const one of scores) sum += one[row] = Math.exp(one[row]! - most);
    for (const one of scores) one[row]! /= sum;
  }
}

const oneClass = (): FalajError =>
  new FalajError('LABEL_UNUSABLE', 'The label has one class only in the training rows.', {
    hint: 'Train on rows of at least two classes.',
  });

const unusable = (row: number, label: number, why: string, hint: string): FalajError =>
  new FalajError('LABEL_UNUSABLE', `The label of row ${row} ${why}: ${label}.`, { hint, details: { row } });
