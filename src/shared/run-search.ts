import type { Run } from './contract/types.ts';
import { isGreaterBetter, validationMetric } from './tuning-goal.ts';

/** Tags by which a search and its trials are known. */
export const SEARCH_TAG = 'falaj.tuning';
export const TRIAL_TAG = 'falaj.trial';
export const PRUNED_TAG = 'falaj.pruned';
/** The tag by which MLflow's clients nest runs. */
export const PARENT_TAG = 'mlflow.parentRunId';

/** A trial of a search. */
export interface SearchedRun {
  readonly run: string;
  readonly number: number;
  readonly state: 'running' | 'finished' | 'pruned' | 'failed';
  readonly settings: Readonly<Record<string, string>>;
  /** Null while it has none. */
  readonly value: number | null;
}

export interface RunSearch {
  /** What trials are judged by, on the validation part. */
  readonly metric: string;
  readonly isGreaterBetter: boolean;
  /** Names of what was searched. */
  readonly settings: readonly string[];
  /** The best first; those without a value last. */
  readonly trials: readonly SearchedRun[];
}

/** A search out of its run and the runs under it. */
export function searchOf(parent: Run, runs: readonly Run[]): RunSearch {
  const metric = parent.params['metric'] ?? '';
  const greater = isGreaterBetter(metric);
  const settings = Object.keys(JSON.parse(parent.tags[SEARCH_TAG] ?? '{}') as object);
  const measured = validationMetric(metric);
  const trials = runs
    .filter(({ tags }) => tags[TRIAL_TAG] !== undefined)
    .map(
      (run): SearchedRun => ({
        run: run.id,
        number: Number(run.tags[TRIAL_TAG]),
        state: stateOf(run),
        settings: Object.fromEntries(settings.map((name) => [name, run.params[name] ?? ''])),
        value: run.metrics[measured] ?? null,
      }),
    );
  const loss = ({ value }: SearchedRun): number =>
    value === null ? Number.POSITIVE_INFINITY : greater ? -value : value;
  return {
    metric,
    isGreaterBetter: greater,
    settings,
    trials: trials.sort((a, b) => order(loss(a), loss(b)) || a.number - b.number),
  };
}

/** Infinities are equal to each other. */
const order = (a: number, b: number): number => (a === b ? 0 : a < b ? -1 : 1);

function stateOf({ status, tags }: Run): SearchedRun['state'] {
  if (tags[PRUNED_TAG] === 'true') return 'pruned';
  if (status === 'running' || status === 'scheduled') return 'running';
  return status === 'finished' ? 'finished' : 'failed';
}
