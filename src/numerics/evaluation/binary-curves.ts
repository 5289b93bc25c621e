import { type RankedRows, totals } from './ranked-rows.ts';

/** Weights of the rows by truth and answer, if yes is the answer from this chance up. */
export interface ThresholdPoint {
  readonly threshold: number;
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly trueNegatives: number;
  readonly falseNegatives: number;
}

/**
 * The answers at every distinct score, thinned to at most `most`: the first and last kept, and points at equal steps of the
 * share of yes and no that lie above. Everything else, ROC and precision-recall, can be read off them. Descending thresholds.
 *
 * @param exact a threshold whose answers are to be among them
 */
export function thresholdPoints(ranked: RankedRows, most: number, exact = Number.NaN): ThresholdPoint[] {
  const { rows, yes, scores, weights, ends } = ranked;
  const { positives, negatives } = totals(ranked);
  let distinct = 0;
  for (const end of ends) distinct += end;
  const points: ThresholdPoint[] = [];
  let [truePositives, falsePositives, taken] = [0, 0, -1];
  for (let at = 0; at < rows.length; at++) {
    if (yes[at] === 1) truePositives += weights[at]!;
    else falsePositives += weights[at]!;
    if (ends[at] === 0) continue;
    const way = truePositives / (positives || 1) + falsePositives / (negatives || 1);
    const step = Math.floor((way / 2) * (most - 2));
    const next = scores[at + 1];
    const isExact = next !== undefined && scores[at]! >= exact && next < exact;
    if (distinct > most && step === taken && !isExact && next !== undefined) continue;
    taken = step;
    points.push({
      threshold: scores[at]!,
      truePositives,
      falsePositives,
      trueNegatives: negatives - falsePositives,
      falseNegatives: positives - truePositives,
    });
  }
  return points;
}

/** From (0, 0) to (1, 1); empty where one class is missing. */
export function rocOf(points: readonly ThresholdPoint[]) {
  const all = points.at(-1);
  if (all === undefined || all.truePositives === 0 || all.falsePositives === 0) return [];
  return [
    { falsePositiveRate: 0, truePositiveRate: 0 },
    ...points.map(({ truePositives, falsePositives }) => ({
      falsePositiveRate: falsePositives / all.falsePositives,
      truePositiveRate: truePositives / all.truePositives,
    })),
  ];
}

/** By ascending recall; empty without a yes. */
export function precisionRecallOf(points: readonly ThresholdPoint[]) {
  const positives = points.at(-1)?.truePositives ?? 0;
  if (positives === 0) return [];
  return points
    .filter(({ truePositives, falsePositives }) => truePositives + falsePositives > 0)
    .map(({ truePositives, falsePositives }) => ({
      recall: truePositives / positives,
      precision: truePositives / (truePositives + falsePositives),
    }));
}

export interface ReliabilityPoint {
  readonly predicted: number;
  readonly observed: number;
  /** Rows of the group. */
  readonly count: number;
}

/** Weighted mean chance against weighted share of yes in groups of no less than a like weight, but for the lowest; ascending, rows of one chance together. */
export function reliabilityOf(ranked: RankedRows, groups: number): ReliabilityPoint[] {
  const { rows, yes, scores, weights, ends } = ranked;
  const { positives, negatives } = totals(ranked);
  const points: ReliabilityPoint[] = [];
  let [mass, sum, hits, count] = [0, 0, 0, 0];
  for (let at = 0; at < rows.length; at++) {
    const weight = weights[at]!;
    mass += weight;
    sum += weight * scores[at]!;
    hits += weight * yes[at]!;
    count++;
    // By its own weight: after a group that many rows of one chance have filled, small ones must not follow.
    const full = mass * groups >= positives + negatives && ends[at] === 1;
    if (!full && at < rows.length - 1) continue;
    if (mass > 0) points.push({ predicted: sum / mass, observed: hits / mass, count });
    [mass, sum, hits, count] = [0, 0, 0, 0];
  }
  return points.reverse();
}
