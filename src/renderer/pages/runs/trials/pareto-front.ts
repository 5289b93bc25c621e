/** A figure of trials, and which way of it is better. */
export interface Objective {
  readonly values: readonly (number | null)[];
  readonly isGreaterBetter: boolean;
}

/**
 * The places that no other beats: none is as good in both figures and better in one. By the first figure, the best first; of
 * equals all are kept, and places without a figure never are.
 */
export function paretoFront(first: Objective, second: Objective): number[] {
  const losses = (objective: Objective): readonly number[] =>
    objective.values.map((value) =>
      value === null || Number.isNaN(value)
        ? Number.POSITIVE_INFINITY
        : objective.isGreaterBetter
          ? -value
          : value,
    );
  const [one, other] = [losses(first), losses(second)];
  const order = one
    .map((_loss, place) => place)
    .filter((place) => Number.isFinite(one[place]!) && Number.isFinite(other[place]!))
    .sort((a, b) => one[a]! - one[b]! || other[a]! - other[b]! || a - b);
  const front: number[] = [];
  for (const place of order) {
    const last = front.at(-1);
    const isEqual = last !== undefined && one[last] === one[place] && other[last] === other[place];
    if (last === undefined || other[place]! < other[last]! || isEqual) front.push(place);
  }
  return front;
}
