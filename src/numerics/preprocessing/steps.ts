/** A raw column, one value per row. */
export type RawColumn = { readonly name: string } & (
  | { readonly kind: 'number' /** NaN is missing. */; readonly values: Float32Array }
  | {
      readonly kind: 'time' /** Microseconds since 1970 in UTC, NaN is missing. */;
      readonly values: Float64Array;
    }
  | {
      readonly kind: 'text' /** Null and the empty text are missing. */;
      readonly values: readonly (string | null)[];
    }
);

export type DatePart = 'days' | 'hour' | 'weekday' | 'month' | 'dayOfMonth';

/** What is to be learned of one column. */
export type StepPlan = { readonly column: string } & (
  | {
      readonly kind: 'number';
      readonly impute: 'mean' | 'median' | 'zero';
      readonly scale: boolean;
      /** A further column that is 1 where the value is missing. */
      readonly indicator: boolean;
    }
  | { readonly kind: 'time'; readonly parts: readonly DatePart[] }
  | { readonly kind: 'oneHot'; readonly most: number }
  | { readonly kind: 'ordinal' }
  /** The label's mean, leaning to the overall mean by this many imaginary rows (Micci-Barreca 2001). */
  | { readonly kind: 'target'; readonly priorRows: number }
  /** One column per bucket of the text's hash: nothing is learned, so that any number of texts fits. */
  | { readonly kind: 'hash'; readonly buckets: number; readonly seed: number }
);

/** What was learned of one column; all numbers are representable in float32, or in float64 for times. */
export type Step = { readonly column: string } & (
  | {
      readonly kind: 'number';
      readonly fill: number;
      readonly centre: number;
      readonly factor: number;
      readonly indicator: boolean;
    }
  /** The number itself; a missing one stays missing, for models that know what to make of it. */
  | { readonly kind: 'raw' }
  /** Without a fill, missing times have missing parts. */
  | { readonly kind: 'time'; readonly fill: number | null; readonly parts: readonly DatePart[] }
  | { readonly kind: 'oneHot'; readonly values: readonly string[] }
  | {
      readonly kind: 'lookup';
      readonly values: readonly string[];
      readonly numbers: readonly number[];
      /** For unknown texts. */
      readonly other: number;
      /** For missing texts; null leaves them missing. */
      readonly missing: number | null;
    }
  | { readonly kind: 'hash'; readonly buckets: number; readonly seed: number }
);

export interface Preprocessing {
  readonly steps: readonly Step[];
  /** Columns of the matrix that it makes. */
  readonly width: number;
}

export function widthOf(step: Step): number {
  switch (step.kind) {
    case 'number':
      return step.indicator ? 2 : 1;
    case 'time':
      return step.parts.length;
    case 'oneHot':
      return step.values.length;
    case 'lookup':
    case 'raw':
      return 1;
    case 'hash':
      return step.buckets;
  }
}

/** The kind of raw column that a step reads. */
export const inputKind = (step: { readonly kind: Step['kind'] | StepPlan['kind'] }): RawColumn['kind'] =>
  step.kind === 'raw' ? 'number' : step.kind === 'number' || step.kind === 'time' ? step.kind : 'text';
