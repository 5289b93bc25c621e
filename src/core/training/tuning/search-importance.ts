import { z } from 'zod';
import { type Losses, type Observation, settingImportance } from '../../../numerics/tuning/index.ts';
import type { RunTrials } from '../../../shared/contract/types.ts';
import { tuningDimension } from '../../../shared/definitions/tuning.ts';
import { pointOf, searchSpace } from './search-space.ts';

export interface MeasuredTrial {
  readonly settings: Readonly<Record<string, string>>;
  /** One for each objective; NaN where there is none. */
  readonly losses: Losses;
}

const spaceSchema = z.record(z.string(), tuningDimension);

/** What each setting explains of each objective, the most telling setting first. */
export function importanceOf(
  searched: Readonly<Record<string, unknown>>,
  objectives: readonly string[],
  trials: readonly MeasuredTrial[],
): RunTrials['importance'] {
  // The learners of an automatic search are no space: they have nothing in common that could vary.
  const space = spaceSchema.safeParse(searched).data;
  if (space === undefined) return [];
  const dimensions = searchSpace(space);
  return objectives.flatMap((metric, place) => {
    const observations = trials.flatMap(({ settings, losses }): Observation[] => {
      const point = pointOf(space, settings);
      return point === null ? [] : [{ point, loss: losses[place]! }];
    });
    const shares = settingImportance(dimensions, observations);
    if (shares === null) return [];
    const settings = Object.entries(shares)
      .map(([setting, share]) => ({ setting, share }))
      .sort((a, b) => b.share - a.share);
    return [{ metric, settings }];
  });
}
