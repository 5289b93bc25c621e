import { rowsInAscendingOrder } from '../arrays/ascending-rows.ts';
import type { PredictedRows } from './predicted-rows.ts';

/** Rows of a yes or no from the highest score down, sorted once for all that is read off them. */
export interface RankedRows {
  /** Row numbers in this order. */
  readonly rows: Uint32Array;
  readonly yes: Uint8Array;
  readonly scores: Float64Array;
  readonly weights: Float64Array;
  /** 1 where the next row has another score: only there a threshold can lie. */
  readonly ends: Uint8Array;
}

export function rankRows({ labels, predictions, weights }: PredictedRows): RankedRows {
  // One kind of array, whatever was given: the loops below are run for every class and slice.
  const chances = predictions instanceof Float64Array ? predictions : Float64Array.from(predictions);
  const truths = labels instanceof Float64Array ? labels : Float64Array.from(labels);
  const rows = rowsInAscendingOrder(chances).reverse();
  const yes = new Uint8Array(rows.length);
  const scores = new Float64Array(rows.length);
  const own = new Float64Array(rows.length);
  const ends = new Uint8Array(rows.length);
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at]!;
    yes[at] = truths[row]! > 0 ? 1 : 0;
    scores[at] = chances[row]!;
    own[at] = weights === null ? 1 : weights[row]!;
    if (at > 0 && scores[at] !== scores[at - 1]) ends[at - 1] = 1;
  }
  if (rows.length > 0) ends[rows.length - 1] = 1;
  return { rows, yes, scores, weights: own, ends };
}

/** How often each row counts, by row number; null where all count once. */
export type Multiplicity = Uint8Array | null;

/** The weight of all yes and all no. */
export function totals(
  { rows, yes, weights }: RankedRows,
  multiplicity: Multiplicity = null,
): { readonly positives: number; readonly negatives: number } {
  let [positives, negatives] = [0, 0];
  for (let at = 0; at < rows.length; at++) {
    const weight = weights[at]! * (multiplicity === null ? 1 : multiplicity[rows[at]!]!);
    if (yes[at] === 1) positives += weight;
    else negatives += weight;
  }
  return { positives, negatives };
}

/** Areas under the ROC curve (ties count half) and the precision-recall curve (average precision); NaN without both classes. */
export function areas(ranked: RankedRows, multiplicity: Multiplicity = null): { auc: number; prAuc: number } {
  const { rows, yes, weights, ends } = ranked;
  const { positives, negatives } = totals(ranked, multiplicity);
  let [truePositives, falsePositives, tiedPositives, tiedNegatives, concordant, precise] = [0, 0, 0, 0, 0, 0];
  for (let at = 0; at < rows.length; at++) {
    const weight = weights[at]! * (multiplicity === null ? 1 : multiplicity[rows[at]!]!);
    if (yes[at] === 1) tiedPositives += weight;
    else tiedNegatives += weight;
    if (ends[at] === 0) continue;
    concordant += tiedNegatives * (truePositives + tiedPositives / 2);
    truePositives += tiedPositives;
    falsePositives += tiedNegatives;
    if (tiedPositives > 0) precise += tiedPositives * (truePositives / (truePositives + falsePositives));
    [tiedPositives, tiedNegatives] = [0, 0];
  }
  return { auc: concordant / (positives * negatives), prAuc: precise / positives };
}

/**
 * The chance that a random yes scores above a random no, ties counting half (the Mann-Whitney statistic). NaN without both.
 *
 * @param labels 0 or 1
 * @param scores none of them NaN
 */
export const areaUnderRoc = (labels: ArrayLike<number>, scores: ArrayLike<number>): number =>
  areas(rankRows({ task: 'binary', labels, predictions: scores, outputs: 1, weights: null })).auc;
