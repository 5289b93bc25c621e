/** The metrics of each kind of label, the most telling first, and whether more of it is better. */
const METRICS = {
  binary: { auc: true, prAuc: true, logloss: false, brier: false, ece: false, accuracy: true, f1: true },
  multiclass: { logloss: false, accuracy: true, f1: true, auc: true, prAuc: true },
  regression: { rmse: false, mae: false, r2: true, quantileLoss: false },
} as const satisfies Record<string, Record<string, boolean>>;

/** Metric of a trial: how long its learner took. */
export const FIT_SECONDS = 'fitSeconds';

/** What a model costs; of all of them less is better. */
const COSTS = {
  all: [FIT_SECONDS, 'predictMicrosPerRow', 'modelBytes'],
  gbdt: ['trees'],
  linear: ['parameters'],
  mlp: ['parameters'],
  python: [],
} as const;

export const costMetrics = (learner: LearnerKind): readonly string[] => [...COSTS.all, ...COSTS[learner]];

export type LearnerKind = Exclude<keyof typeof COSTS, 'all'>;

/** Of all learners, each once. */
export const knownCosts = (): readonly CostMetric[] => [...new Set(Object.values(COSTS).flat())];

export const isCost = (name: string): name is CostMetric => knownCosts().some((cost) => cost === name);

export type CostMetric = (typeof COSTS)[keyof typeof COSTS][number];

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

/** A metric of the task; null for one that the task does not have, the most telling one where none is named. */
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

/** Under which a trial has what it is judged by. */
export const figureMetric = (name: string): string => (isCost(name) ? name : validationMetric(name));

/** Under which a run has a metric of its validation part. */
export const validationMetric = (metric: string): string => prefixedName('validation', metric);

/** Under which a run has a metric's standard deviation over the folds. */
export const deviationMetric = (metric: string): string => `${metric}Deviation`;
