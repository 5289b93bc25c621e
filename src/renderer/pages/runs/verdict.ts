import { isLoadMetric } from '../../../shared/load-metric.ts';
import { knownCosts, validationMetric } from '../../../shared/tuning-goal.ts';
import { type DataPart, partOfData } from './data-part.ts';

/** How a run did on its main metric, beside the trivial baseline that was measured on the same rows. */
export interface Verdict {
  readonly metric: string;
  readonly value: number;
  readonly baseline: number | null;
  /** Positive: better than the baseline. Null without one. */
  readonly gain: number | null;
}

type Metrics = Readonly<Record<string, number>>;

/** In the order in which a run is judged by them. */
const JUDGED_BY = ['auc', 'accuracy', 'f1', 'rmse', 'mae', 'r2', 'logloss', 'brier'];
const LABELS: Readonly<Record<string, string>> = {
  auc: 'AUC',
  logloss: 'log loss',
  brier: 'Brier',
  ece: 'ECE',
  rmse: 'RMSE',
  mae: 'MAE',
  r2: 'R²',
  f1: 'F1',
  prAuc: 'PR AUC',
  quantileLoss: 'quantile loss',
};
const LOWER = /loss|error|brier|^ece$|rmse|mae|mse|mape/i;
const BASELINE = /^baseline[A-Z]/;
const FACTS: ReadonlySet<string> = new Set([
  'iterations',
  'epochs',
  'bestEpoch',
  'onnxDifference',
  ...knownCosts(),
]);

export const lowerIsBetter = (metric: string): boolean => LOWER.test(metric);

export const metricLabel = (metric: string): string => LABELS[metric] ?? metric;

export const baselineOf = (metrics: Metrics, metric: string): number | null =>
  metrics[`baseline${metric.slice(0, 1).toUpperCase()}${metric.slice(1)}`] ?? null;

// Trials have figures of the validation part alone.
const ORDER = [...JUDGED_BY, ...JUDGED_BY.map(validationMetric)];
/** As scripts call them, without the part of the data and what separates words. */
const SCRIPTS_JUDGE_BY = [
  ...['auc', 'rocauc', 'aucroc', 'accuracy', 'accuracyscore', 'acc', 'f1', 'f1score', 'rmse', 'mae', 'mse'],
  ...['r2', 'r2score', 'logloss', 'brier', 'loss'],
];
const PARTS: readonly (DataPart | null)[] = [null, 'test', 'validation', 'train'];
const SETTINGS = /^(?:lr|learning_?rate|step|epoch)$/i;

function rankOf(name: string): number {
  if (ORDER.includes(name)) return ORDER.indexOf(name);
  const { part, rest } = partOfData(name);
  const known = SCRIPTS_JUDGE_BY.indexOf(rest.replace(/[_./-]/g, '').toLowerCase());
  if (known >= 0) return ORDER.length + known * PARTS.length + PARTS.indexOf(part);
  const others = ORDER.length + SCRIPTS_JUDGE_BY.length * PARTS.length;
  return others + (isLoadMetric(name) ? 2 : SETTINGS.test(name) ? 1 : 0);
}

/** The metrics that judge, most telling first; baselines and facts about the model are left out. */
export function judgingMetrics(metrics: Metrics): string[] {
  return Object.keys(metrics)
    .filter((name) => !BASELINE.test(name) && !FACTS.has(name))
    .sort((a, b) => rankOf(a) - rankOf(b) || a.localeCompare(b));
}

/** Those of them that say how good a run is: the load of the machine says nothing of that. */
export const tellingMetrics = (metrics: Metrics): string[] =>
  judgingMetrics(metrics).filter((name) => !isLoadMetric(name));

/** The metrics about the model itself, such as its number of trees. */
export const factMetrics = (metrics: Metrics): string[] =>
  Object.keys(metrics).filter((name) => FACTS.has(name));

export function gainOver(metric: string, value: number, baseline: number): number {
  return lowerIsBetter(metric) ? baseline - value : value - baseline;
}

export function verdictOf(metrics: Metrics): Verdict | null {
  const metric = tellingMetrics(metrics)[0];
  if (metric === undefined) return null;
  const value = metrics[metric]!;
  const baseline = baselineOf(metrics, metric);
  return { metric, value, baseline, gain: baseline === null ? null : gainOver(metric, value, baseline) };
}
