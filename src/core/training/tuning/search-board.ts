import { z } from 'zod';
import { paretoPlaces } from '../../../numerics/tuning/index.ts';
import type { Run, RunTrial, RunTrials } from '../../../shared/contract/types.ts';
import { foldCount, trialCount } from '../../../shared/definitions/tuning.ts';
import { FOLDS_TAG, KEPT_TAG, PRUNED_TAG, SEARCH_TAG, TRIAL_TAG } from '../../../shared/run-search.ts';
import {
  deviationMetric,
  figureMetric,
  isGreaterBetter,
  knownCosts,
  knownMetrics,
} from '../../../shared/tuning-goal.ts';
import { readFolds, valuesOf } from './fold-figures.ts';
import { importanceOf, type MeasuredTrial } from './search-importance.ts';

/** A search out of its run and the runs under it. */
export function searchBoard(parent: Run, runs: readonly Run[]): RunTrials {
  const names = objectivesOf(parent);
  const objectives = names.map((name) => ({ name, isGreaterBetter: isGreaterBetter(name) }));
  const searched = searchedOf(parent.tags[SEARCH_TAG]);
  const settings = Object.keys(searched);
  const search: Search = { objectives, settings, kept: Number(parent.tags[KEPT_TAG] ?? Number.NaN) };
  const trialRuns = runs.filter(({ tags }) => tags[TRIAL_TAG] !== undefined);
  const losses = trialRuns.map((run) =>
    objectives.map(({ name, isGreaterBetter: greater }) => {
      const value = run.metrics[figureMetric(name)] ?? Number.NaN;
      return greater ? -value : value;
    }),
  );
  const front = new Set(paretoPlaces(losses));
  const ranked = trialRuns
    .map((run, place) => ({
      trial: trialOf(run, search, front.has(place)),
      losses: losses[place]!,
      rank: objectives.length > 1 && front.has(place) ? 0 : 1,
    }))
    .sort((a, b) => a.rank - b.rank || order(a.losses[0]!, b.losses[0]!) || a.trial.number - b.trial.number);
  const trials = ranked.map(({ trial }) => trial);
  return {
    run: parent.id,
    metric: names[0]!,
    isGreaterBetter: objectives[0]!.isGreaterBetter,
    objectives,
    folds: foldCount.safeParse(Number(parent.params['folds'])).data ?? null,
    settings,
    figures: [...new Set([...names, ...knownMetrics(), ...knownCosts()])]
      .filter((name) => trials.some(({ figures }) => figures[name] !== undefined))
      .map((name) => ({ name, isGreaterBetter: isGreaterBetter(name) })),
    planned: plannedOf(parent),
    counts: countsOf(trials),
    importance: importanceOf(
      searched,
      names,
      ranked.map(({ trial, losses: own }): MeasuredTrial => ({ settings: trial.settings, losses: own })),
    ),
    trials,
  };
}

interface Search {
  readonly objectives: RunTrials['objectives'];
  readonly settings: readonly string[];
  /** Number of a trial; NaN while none is kept. */
  readonly kept: number;
}

const objectivesOf = ({ params }: Run): readonly string[] =>
  params['objectives']?.split(',') ?? [params['metric'] ?? ''];

function countsOf(trials: readonly RunTrial[]): RunTrials['counts'] {
  const counts = { running: 0, finished: 0, pruned: 0, stopped: 0, failed: 0 };
  for (const { state } of trials) counts[state]++;
  return counts;
}

/** Learners that are compared have trials of their own, which are counted there. */
const plannedOf = ({ params }: Run): number | null =>
  params['learner'] === 'auto' ? null : (trialCount.safeParse(Number(params['trials'])).data ?? null);

function trialOf(run: Run, { objectives, settings, kept }: Search, isOnFront: boolean): RunTrial {
  const figures = [...knownMetrics(), ...knownCosts()].flatMap((name): [string, number][] => {
    const value = run.metrics[figureMetric(name)];
    return value === undefined ? [] : [[name, value]];
  });
  const metric = objectives[0]!.name;
  const number = Number(run.tags[TRIAL_TAG]);
  return {
    run: run.id,
    number,
    state: stateOf(run),
    settings: Object.fromEntries(settings.map((name) => [name, run.params[name] ?? ''])),
    value: run.metrics[figureMetric(metric)] ?? null,
    deviation: run.metrics[deviationMetric(figureMetric(metric))] ?? null,
    folds: valuesOf(readFolds(run.tags[FOLDS_TAG]), metric) ?? [],
    isOnFront,
    isKept: number === kept,
    figures: Object.fromEntries(figures),
  };
}

const searchedSchema = z.record(z.string(), z.unknown());
/** Tags may have been written by others: what is no search has no settings. */
function searchedOf(tag: string | undefined): Record<string, unknown> {
  try {
    return searchedSchema.safeParse(JSON.parse(tag ?? '{}')).data ?? {};
  } catch (error) {
    if (error instanceof SyntaxError) return {};
    throw error;
  }
}

/** Those without a value last. */
const order = (a: number, b: number): number =>
  Number.isNaN(a) || Number.isNaN(b) ? Number(Number.isNaN(a)) - Number(Number.isNaN(b)) : a - b;

function stateOf({ status, tags }: Run): RunTrial['state'] {
  if (tags[PRUNED_TAG] === 'true') return 'pruned';
  if (status === 'running' || status === 'scheduled') return 'running';
  return status === 'killed' ? 'stopped' : status;
}
