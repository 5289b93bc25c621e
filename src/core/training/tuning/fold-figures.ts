import { z } from 'zod';
import type { Reports } from '../../../numerics/tuning/index.ts';
import type { TuningGoal } from '../../../shared/tuning-goal.ts';
import type { TrialFigures } from '../worker-messages.ts';
import { figureNamed, lossOf } from './trial.ts';

const numbers = z.record(z.string(), z.number());
const keptFolds = z.array(z.object({ metrics: numbers, costs: numbers }));

/** The folds of a trial that were kept in its tag, in order. Tags may have been written by others: what is no fold is none. */
export function readFolds(tag: string | undefined): readonly TrialFigures[] {
  try {
    return keptFolds.safeParse(JSON.parse(tag ?? '[]')).data ?? [];
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** Means over the folds of the figures that all of them have. */
export function meanFigures(folds: readonly TrialFigures[]): TrialFigures {
  const means = (of: Readonly<Record<string, number>> = {}): Record<string, number> =>
    Object.fromEntries(
      Object.keys(of).flatMap((name): [string, number][] => {
        const values = valuesOf(folds, name);
        return values === null ? [] : [[name, mean(values)]];
      }),
    );
  return { metrics: means(folds[0]?.metrics), costs: means(folds[0]?.costs) };
}

/** Each fold's value of a metric or a cost; null where one has none. */
export function valuesOf(folds: readonly TrialFigures[], name: string): number[] | null {
  const values = folds.flatMap((fold) => figureNamed(fold, name) ?? []);
  return values.length === folds.length && values.length > 0 ? values : null;
}

/** The mean so far after each fold: what a trial is given up by. */
export const foldReports = ({ goal, folds }: { goal: TuningGoal; folds: readonly TrialFigures[] }): Reports =>
  folds.flatMap((_fold, at) => {
    const values = valuesOf(folds.slice(0, at + 1), goal.metric);
    return values === null ? [] : [{ step: at + 1, loss: lossOf(goal, mean(values)) }];
  });

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Standard deviation of a metric over the folds, as of a sample: how far one fold is from another, rather than how sure their
 * mean is. Null without folds that all have the metric.
 */
export function deviationOf(folds: readonly TrialFigures[], metric: string): number | null {
  const values = valuesOf(folds, metric);
  if (values === null) return null;
  const centre = mean(values);
  const squares = values.reduce((sum, value) => sum + (value - centre) ** 2, 0);
  return Math.sqrt(squares / (values.length - 1));
}
