/** The metrics of each kind of label, the most telling first, and whether more of it is better. */
const METRICS = {
  binary: { auc: true, prAuc: true, logloss: false, brier: false, ece: false, accuracy: true, f1: true },
  multiclass: { logloss: false, accuracy: true, f1: true, auc: true, prAuc: true },
  regression: { rmse: false, mae: false, r2: true, quantileLoss: false },
} as const satisfies Record<string, Record<string, boolean>>;

export type LabelTask = keyof typeof METRICS;

export interface TuningGoal {
  readonly metric: string;
  readonly isGreaterBetter: boolean;
}

export const metricsOf = (task: LabelTask): readonly string[] => Object.keys(METRICS[task]);

/** Of all kinds of labels, each once. */
export const knownMetrics = (): readonly string[] => [
  ...new Set(Object.values(METRICS).flatMap(Object.keys)),
];

/** What trials are judged by; null for a metric that the task does not have. */
export function tuningGoal(task: LabelTask, metric: string | undefined): TuningGoal | null {
  const known: Readonly<Record<string, boolean>> = METRICS[task];
  const name = metric ?? Object.keys(known)[0]!;
  const isGreaterBetter = known[name];
  return isGreaterBetter === undefined ? null : { metric: name, isGreaterBetter };
}

/** Whether more of a metric is better: the same for every kind of label that has it. */
export const isGreaterBetter = (metric: string): boolean =>
  Object.values(METRICS).some((known: Readonly<Record<string, boolean>>) => known[metric] === true);

/** `auc` becomes `baselineAuc`. */
export const prefixedName = (prefix: string, metric: string): string =>
  `${prefix}${metric.slice(0, 1).toUpperCase()}${metric.slice(1)}`;

/** Under which a run has a metric of its validation part. */
export const validationMetric = (metric: string): string => prefixedName('validation', metric);

/** Under which a run has a metric's standard deviation over the folds. */
export const deviationMetric = (metric: string): string => `${metric}Deviation`;
