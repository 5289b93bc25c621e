import { FalajError } from '../../shared/errors.ts';
import { type LabelTask, requireLabel } from '../labels/index.ts';

/** A loss as the solver sees it; all sums are weighted. */
export interface Family {
  /** Scores per row. */
  readonly outputs: number;
  /** Scores that fit best without any column. */
  startingIntercepts(): Float64Array;
  loss(scores: readonly Float64Array[]): number;
  /** Minus the loss's first derivative and its second, per row, by one output's score. */
  derivatives(
    scores: readonly Float64Array[],
    output: number,
    residual: Float64Array,
    curvature: Float64Array,
  ): void;
}

/** Keeps the quadratic model bounded where a probability is all but certain. */
const LEAST_CURVATURE = 1e-6;

/** Loss, gradient and curvature of a kind of label. */
export function familyOf(task: LabelTask, labels: ArrayLike<number>, weights: Float64Array): Family {
  checkRows(task, labels, weights);
  switch (task.kind) {
    case 'regression':
      return squared(labels, weights);
    case 'binary':
      return logistic(labels, weights);
    case 'multiclass':
      return softmax(labels, weights, task.classes);
  }
}

function checkRows(task: LabelTask, labels: ArrayLike<number>, weights: Float64Array): void {
  const seen = new Set<number>();
  for (let row = 0; row < labels.length; row++) {
    const [label, weight] = [labels[row]!, weights[row]!];
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY))
      throw new FalajError('BAD_INPUT', `The weight of row ${row + 1} is no number from 0 up.`, {
        details: { row },
      });
    requireLabel(task, label, row);
    if (weight > 0 && seen.size < 2) seen.add(label);
  }
  if (seen.size < 2)
    throw new FalajError(
      'LABEL_UNUSABLE',
      'The label has one value only, from which nothing can be learned.',
      {
        hint: 'Use rows of at least two different labels.',
      },
    );
}

const squared = (labels: ArrayLike<number>, weights: Float64Array): Family => ({
  outputs: 1,
  startingIntercepts: () => Float64Array.of(weightedMean(labels, weights)),
  loss: ([scores]) => {
    let sum = 0;
    for (let row = 0; row < labels.length; row++)
      sum += (weights[row]! * (labels[row]! - scores![row]!) ** 2) / 2;
    return sum;
  },
  derivatives: ([scores], _, residual, curvature) => {
    for (let row = 0; row < labels.length; row++)
      residual[row] = weights[row]! * (labels[row]! - scores![row]!);
    curvature.set(weights);
  },
});

const logistic = (labels: ArrayLike<number>, weights: Float64Array): Family => ({
  outputs: 1,
  startingIntercepts: () => {
    const mean = weightedMean(labels, weights);
    return Float64Array.of(Math.log(mean / (1 - mean)));
  },
  loss: ([scores]) => {
    let sum = 0;
    for (let row = 0; row < labels.length; row++) {
      const score = scores![row]!;
      sum +=
        weights[row]! * (Math.max(score, 0) - score * labels[row]! + Math.log1p(Math.exp(-Math.abs(score))));
    }
    return sum;
  },
  derivatives: ([scores], _, residual, curvature) => {
    for (let row = 0; row < labels.length; row++) {
      const chance = 1 / (1 + Math.exp(-scores![row]!));
      residual[row] = weights[row]! * (labels[row]! - chance);
      curvature[row] = weights[row]! * Math.max(LEAST_CURVATURE, chance * (1 - chance));
    }
  },
});

function softmax(labels: ArrayLike<number>, weights: Float64Array, classes: number): Family {
  const logSum = (scores: readonly Float64Array[], row: number): number => {
    let top = Number.NEGATIVE_INFINITY;
    for (const output of scores) top = Math.max(top, output[row]!);
    let sum = 0;
    for (const output of scores) sum += Math.exp(output[row]! - top);
    return top + Math.log(sum);
  };
  return {
    outputs: classes,
    startingIntercepts: () => {
      // one imaginary row spread over all classes: a class that has none gets a finite score
      const counts = new Float64Array(classes).fill(1 / classes);
      for (let row = 0; row < labels.length; row++) counts[labels[row]!]! += weights[row]!;
      return counts.map(Math.log);
    },
    loss: (scores) => {
      let sum = 0;
      for (let row = 0; row < labels.length; row++)
        sum += weights[row]! * (logSum(scores, row) - scores[labels[row]!]![row]!);
      return sum;
    },
    derivatives: (scores, output, residual, curvature) => {
      for (let row = 0; row < labels.length; row++) {
        const chance = Math.exp(scores[output]![row]! - logSum(scores, row));
        residual[row] = weights[row]! * ((labels[row] === output ? 1 : 0) - chance);
        curvature[row] = weights[row]! * Math.max(LEAST_CURVATURE, chance * (1 - chance));
      }
    },
  };
}

function weightedMean(values: ArrayLike<number>, weights: Float64Array): number {
  let [sum, mass] = [0, 0];
  for (let row = 0; row < values.length; row++) {
    sum += weights[row]! * values[row]!;
    mass += weights[row]!;
  }
  return sum / mass;
}
