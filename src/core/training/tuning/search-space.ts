import type { Dimension, Point, Space } from '../../../numerics/tuning/index.ts';
import type { Tune, TuningDimension } from '../../../shared/definitions/tuning.ts';

export type Setting = string | number | boolean;

/** A definition's space as numbers. */
export const searchSpace = (space: Tune['space']): Space =>
  Object.fromEntries(Object.entries(space).map(([name, dimension]) => [name, dimensionOf(dimension)]));

function dimensionOf(dimension: TuningDimension): Dimension {
  if (dimension.choice !== undefined) return { kind: 'choice', options: dimension.choice.length };
  for (const kind of ['int', 'logInt', 'uniform', 'logUniform'] as const) {
    const range = dimension[kind];
    if (range !== undefined) return { kind, low: range[0], high: range[1] };
  }
  throw new TypeError('A dimension without a range was let through.');
}

/** The learner's settings at a point. */
export const settingsAt = (space: Tune['space'], point: Point): Record<string, Setting> =>
  Object.fromEntries(
    Object.entries(space).map(([name, { choice }]) => [
      name,
      choice === undefined ? point[name]! : choice[point[name]!]!,
    ]),
  );

/** The point at which these settings, kept as text, were tried; null where the space has no such point. */
export function pointOf(space: Tune['space'], params: Readonly<Record<string, string>>): Point | null {
  const entries = Object.entries(space).map(([name, { choice }]): [string, number] => {
    const text = params[name];
    if (text === undefined) return [name, Number.NaN];
    if (choice === undefined) return [name, Number(text)];
    const at = choice.findIndex((option) => String(option) === text);
    return [name, at === -1 ? Number.NaN : at];
  });
  return entries.every(([, value]) => !Number.isNaN(value)) ? Object.fromEntries(entries) : null;
}
