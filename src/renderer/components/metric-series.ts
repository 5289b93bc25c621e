export interface StepPoint {
  readonly step: number;
  readonly value: number;
}

/** A value that no curve shows, and where it was. */
export interface NotFinite {
  readonly step: number;
  readonly value: 'NaN' | 'Infinity' | '-Infinity';
}

export interface MetricSeries {
  readonly key: string;
  readonly label: string;
  /** Which of the eight series colours; the same series keeps its colour on every page. */
  readonly color: number;
  readonly points: readonly StepPoint[];
  readonly notFinite: readonly NotFinite[];
}

/** The steps in view; the whole curve without it. */
export type StepRange = readonly [from: number, to: number] | null;

/** The points of a whole curve, with those of a range, which are finer, in their place. */
export function refined(
  whole: readonly StepPoint[],
  fine: readonly StepPoint[],
  range: StepRange,
): readonly StepPoint[] {
  if (range === null || fine.length === 0) return whole;
  const [from, to] = range;
  return [...whole.filter(({ step }) => step < from), ...fine, ...whole.filter(({ step }) => step > to)];
}

/**
 * Joins histories as {@link alignSeries} does, on about `most` steps at most: where they have more, steps near each other
 * become one place, in which each history keeps its lowest and its highest value in their order. Places are finer within
 * the steps in view.
 */
export function alignWithin(
  histories: readonly (readonly StepPoint[])[],
  most: number,
  view: StepRange = null,
): (number | null)[][] {
  const steps = new Set<number>();
  for (const points of histories) for (const { step } of points) steps.add(step);
  if (steps.size <= most) return alignSeries(histories);
  let [first, last] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const step of steps) [first, last] = [Math.min(first, step), Math.max(last, step)];
  const places = Math.max(1, Math.floor(most / 4));
  const coarse = (last - first) / places;
  const fine = view === null ? coarse : (view[1] - view[0]) / places;
  /** Where a place begins. */
  const placeOf = (step: number): number =>
    view !== null && step >= view[0] && step <= view[1]
      ? view[0] + Math.floor((step - view[0]) / fine) * fine
      : first + Math.floor((step - first) / coarse) * coarse;
  return alignSeries(histories.map((points) => lowAndHigh(points, placeOf, fine)));
}

/** The lowest and the highest value of each place, in their order, a third of a place apart. */
function lowAndHigh(
  points: readonly StepPoint[],
  placeOf: (step: number) => number,
  width: number,
): StepPoint[] {
  const kept: StepPoint[] = [];
  for (let start = 0; start < points.length; ) {
    const place = placeOf(points[start]!.step);
    let [end, low, high] = [start, start, start];
    for (; end < points.length && placeOf(points[end]!.step) === place; end++) {
      if (points[end]!.value < points[low]!.value) low = end;
      if (points[end]!.value > points[high]!.value) high = end;
    }
    kept.push({ step: place, value: points[Math.min(low, high)]!.value });
    if (low !== high) kept.push({ step: place + width / 3, value: points[Math.max(low, high)]!.value });
    start = end;
  }
  return kept;
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

/** With live points in the order of their arrival: the newest of a step wins, and steps ascend. */
export function withPoints(
  points: readonly StepPoint[],
  arrived: readonly StepPoint[],
): readonly StepPoint[] {
  const last = points.at(-1)?.step ?? Number.NEGATIVE_INFINITY;
  if (arrived.every(({ step }, place) => step > (arrived[place - 1]?.step ?? last)))
    return [...points, ...arrived];
  const byStep = new Map([...points, ...arrived].map((point) => [point.step, point]));
  return [...byStep.values()].sort((left, right) => left.step - right.step);
}

/** No more points than `most`: every other one is left out, the newest never. */
export const thinned = (points: readonly StepPoint[], most: number): readonly StepPoint[] =>
  points.length <= most
    ? points
    : thinned(
        points.filter((_, place) => (points.length - 1 - place) % 2 === 0),
        most,
      );
