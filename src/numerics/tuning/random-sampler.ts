import { bounds, type Dimension, fromCoordinate, type Point, type Space } from './space.ts';

/** A point drawn evenly, along the logarithm where a dimension is searched along it. */
export const randomPoint = (space: Space, random: () => number): Point =>
  Object.fromEntries(
    Object.entries(space).map(([name, dimension]) => [name, randomValue(dimension, random)]),
  );

export function randomValue(dimension: Dimension, random: () => number): number {
  if (dimension.kind === 'choice') return Math.floor(random() * dimension.options);
  const { from, to } = bounds(dimension);
  return fromCoordinate(dimension, from + (to - from) * random());
}
