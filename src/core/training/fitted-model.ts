import type { Graph } from '../../numerics/onnx/index.ts';

export interface RowRange {
  readonly from: number;
  readonly to: number;
}

export interface FeatureImportance {
  /** In the learner's own measure; larger is more. */
  readonly gain: number;
  /** Splits on the feature. */
  readonly splits?: number;
  /** Growth of the loss when the feature is shuffled among the rows. */
  readonly permutation?: number;
  /** Mean absolute Shapley value of its contributions to the score. */
  readonly shapley?: number;
}

/**
 * What each feature adds to the scores of the first rows of a range: raw scores, before a link such as the logistic function makes
 * them predictions. Base and contributions of a row add up to its score.
 */
export interface Contributions {
  readonly rows: number;
  /** One per output: the expected score while no feature is known. */
  readonly base: ArrayLike<number>;
  /** One matrix per output, row-major: feature f of row r is at `r * features + f`. */
  readonly contributions: readonly Float64Array[];
}

/** A model right after learning, whatever learned it. */
export interface FittedModel {
  readonly framework: string;
  /** Figures about the model itself, such as its number of trees. */
  readonly facts: Readonly<Record<string, number>>;
  /** One prediction a row, or one per class and row. */
  predict(range: RowRange): Float64Array;
  /** What each feature contributes; some measures look at the rows of `range`, which the learner has not seen. */
  importance(range: RowRange): readonly FeatureImportance[];
  /** Shapley values of the rows' scores; null where they would take long. Absent where the learner has none. */
  explain?(range: RowRange): Contributions | null;
  /** The model as operations on its matrix of features. */
  graph(): Graph;
  /** Further files about the model, by their path beside it. */
  files?(): Readonly<Record<string, string>>;
}

export type OnIteration = (step: number, of: number, metrics: Readonly<Record<string, number>>) => void;
