export interface StepPoint {
  readonly step: number;
  readonly value: number;
}

/** Joins histories on their steps: the ascending steps of all, then each history's values with null where it has none. */
export function alignSeries(histories: readonly (readonly StepPoint[])[]): (number | null)[][] {
  const steps = [...new Set(histories.flatMap((points) => points.map(({ step }) => step)))].sort(
    (a, b) => a - b,
  );
  const places = new Map(steps.map((step, place) => [step, place]));
  const values = histories.map((points) => {
    const line: (number | null)[] = new Array<number | null>(steps.length).fill(null);
    for (const { step, value } of points) line[places.get(step)!] = value;
    return line;
  });
  return [steps, ...values];
}

/**
 * Exponential moving average, free of the pull towards its start (each average is divided by the weight it has gathered).
 * `weight` in [0, 1): the share of the past that stays.
 */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  let average = 0;
  let gathered = 0;
  return values.map((value) => {
    if (value === null) return null;
    average = average * weight + value * (1 - weight);
    gathered = gathered * weight + (1 - weight);
    return average / gathered;
  });
}

/** Adds a live point: the newest of a step wins, order is kept. */
export function withPoint(points: readonly StepPoint[], point: StepPoint): readonly StepPoint[] {
  const last = points.at(-1);
  if (last === undefined || last.step < point.step) return [...points, point];
  const others = points.filter(({ step }) => step !== point.step);
  const place = others.findIndex(({ step }) => step > point.step);
  return place === -1 ? [...others, point] : [...others.slice(0, place), point, ...others.slice(place)];
}
