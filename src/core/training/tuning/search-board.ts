import { z } from 'zod';
import { type Observation, settingImportance } from '../../../numerics/tuning/index.ts';
import type { Run, RunTrial, RunTrials } from '../../../shared/contract/types.ts';
import { foldCount, type Tune, tuningDimension } from '../../../shared/definitions/tuning.ts';
import { FIT_SECONDS, FOLDS_TAG, PRUNED_TAG, SEARCH_TAG, TRIAL_TAG } from '../../../shared/run-search.ts';
import {
  deviationMetric,
  isGreaterBetter,
  knownMetrics,
  validationMetric,
} from '../../../shared/tuning-goal.ts';
import { readFolds, valuesOf } from './fold-figures.ts';
import { pointOf, searchSpace } from './search-space.ts';

/** A search out of its run and the runs under it. */
export function searchBoard(parent: Run, runs: readonly Run[]): RunTrials {
  const metric = parent.params['metric'] ?? '';
  const greater = isGreaterBetter(metric);
  const searched = searchedOf(parent.tags[SEARCH_TAG]);
  const settings = Object.keys(searched);
  const trials = runs
    .filter(({ tags }) => tags[TRIAL_TAG] !== undefined)
    .map((run) => trialOf(run, metric, settings));
  const lossOf = ({ value }: RunTrial): number => (value === null ? Number.NaN : greater ? -value : value);
  const names = [metric, ...knownMetrics().filter((name) => name !== metric), FIT_SECONDS];
  return {
    metric,
    isGreaterBetter: greater,
    folds: foldCount.safeParse(Number(parent.params['folds'])).data ?? null,
    settings,
    figures: names
      .filter((name) => trials.some(({ figures }) => figures[name] !== undefined))
      .map((name) => ({ name, isGreaterBetter: isGreaterBetter(name) })),
    importance: importanceOf(
      searched,
      trials.map((trial) => ({ settings: trial.settings, loss: lossOf(trial) })),
    ),
    trials: trials.sort((a, b) => order(lossOf(a), lossOf(b)) || a.number - b.number),
  };
}

function trialOf(run: Run, metric: string, settings: readonly string[]): RunTrial {
  const figures = [
    ...knownMetrics().map((name) => [name, run.metrics[validationMetric(name)]] as const),
    [FIT_SECONDS, run.metrics[FIT_SECONDS]] as const,
  ].flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const]));
  return {
    run: run.id,
    number: Number(run.tags[TRIAL_TAG]),
    state: stateOf(run),
    settings: Object.fromEntries(settings.map((name) => [name, run.params[name] ?? ''])),
    value: run.metrics[validationMetric(metric)] ?? null,
    deviation: run.metrics[deviationMetric(validationMetric(metric))] ?? null,
    folds: valuesOf(readFolds(run.tags[FOLDS_TAG]), metric) ?? [],
    figures: Object.fromEntries(figures),
  };
}

const searchedSchema = z.record(z.string(), z.unknown());
const spaceSchema = z.record(z.string(), tuningDimension);

/** Tags may have been written by others: what is no search has no settings. */
function searchedOf(tag: string | undefined): Record<string, unknown> {
  try {
    return searchedSchema.safeParse(JSON.parse(tag ?? '{}')).data ?? {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

function importanceOf(
  searched: Record<string, unknown>,
  trials: readonly { readonly settings: Readonly<Record<string, string>>; readonly loss: number }[],
): RunTrials['importance'] {
  // The learners of an automatic search are no space: they have nothing in common that could vary.
  const space: Tune['space'] | undefined = spaceSchema.safeParse(searched).data;
  if (space === undefined) return null;
  const observations = trials.flatMap(({ settings, loss }): Observation[] => {
    const point = pointOf(space, settings);
    return point === null ? [] : [{ point, loss }];
  });
  const shares = settingImportance(searchSpace(space), observations);
  if (shares === null) return null;
  return Object.entries(shares)
    .map(([setting, share]) => ({ setting, share }))
    .sort((a, b) => b.share - a.share);
}

/** Those without a value last. */
const order = (a: number, b: number): number =>
  Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : a - b;

function stateOf({ status, tags }: Run): RunTrial['state'] {
  if (tags[PRUNED_TAG] === 'true') return 'pruned';
  if (status === 'running' || status === 'scheduled') return 'running';
  return status === 'finished' ? 'finished' : 'failed';
}
