import { chanceLoss } from './plain-loss.ts';
import { checkPredictedRows, type PredictedRows } from './predicted-rows.ts';
import { areas, type Multiplicity, type RankedRows, rankRows, totals } from './ranked-rows.ts';

export type Figures = Readonly<Record<string, number>>;
/** Figures of rows that were prepared once, each row counting as often as it says. */
export type PreparedFigures = (multiplicity?: Multiplicity) => Figures;

const CALIBRATION_GROUPS = 20;

/**
 * The weighted figures of chances of a yes: areas under the ROC and the precision-recall curve, log loss in nats, Brier
 * score, expected calibration error over 20 groups of like weight, and at the threshold F1, accuracy, precision and recall.
 * NaN where a figure is not defined, such as any area of one class.
 *
 * @param threshold the chance from which up yes is the answer
 */
export function binaryFigures(rows: PredictedRows, threshold: number): PreparedFigures {
  checkPredictedRows(rows);
  const ranked = rankRows(rows);
  const losses = Float64Array.from(ranked.scores, (score, at) => chanceLoss(ranked.yes[at] === 1, score));
  return (multiplicity = null) => ({
    ...areas(ranked, multiplicity),
    ...distances(ranked, losses, multiplicity),
    ...answers(ranked, threshold, multiplicity),
  });
}

function distances(
  { rows, yes, scores, weights }: RankedRows,
  losses: Float64Array,
  multiplicity: Multiplicity,
): Figures {
  let [mass, loss, squares] = [0, 0, 0];
  for (let at = 0; at < rows.length; at++) {
    const weight = weights[at]! * (multiplicity === null ? 1 : multiplicity[rows[at]!]!);
    mass += weight;
    loss += weight * losses[at]!;
    squares += weight * (scores[at]! - yes[at]!) ** 2;
  }
  return { logloss: loss / mass, brier: squares / mass };
}

function answers(ranked: RankedRows, threshold: number, multiplicity: Multiplicity): Figures {
  const { rows, yes, scores, weights, ends } = ranked;
  const { positives, negatives } = totals(ranked, multiplicity);
  const mass = positives + negatives;
  let [truePositives, falsePositives] = [0, 0];
  let [groupMass, groupYes, groupScore, gap] = [0, 0, 0, 0];
  for (let at = 0; at < rows.length; at++) {
    const weight = weights[at]! * (multiplicity === null ? 1 : multiplicity[rows[at]!]!);
    if (scores[at]! >= threshold)
      if (yes[at] === 1) truePositives += weight;
      else falsePositives += weight;
    groupMass += weight;
    groupYes += weight * yes[at]!;
    groupScore += weight * scores[at]!;
    const full = groupMass * CALIBRATION_GROUPS >= mass && ends[at] === 1;
    if (!full && at < rows.length - 1) continue;
    gap += Math.abs(groupScore - groupYes);
    [groupMass, groupYes, groupScore] = [0, 0, 0];
  }
  return {
    ece: gap / mass,
    f1: (2 * truePositives) / (truePositives + falsePositives + positives),
    accuracy: (truePositives + negatives - falsePositives) / mass,
    precision: truePositives / (truePositives + falsePositives),
    recall: truePositives / positives,
  };
}
