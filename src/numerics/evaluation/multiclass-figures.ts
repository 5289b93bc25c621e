import type { Figures, PreparedFigures } from './binary-figures.ts';
import { classLoss } from './plain-loss.ts';
import {
  checkPredictedRows,
  likeliest,
  oneAgainstRest,
  type PredictedRows,
  pickRows,
} from './predicted-rows.ts';
import { areas, type RankedRows, rankRows } from './ranked-rows.ts';
import { evenlySpaced } from './sampling.ts';

/** Chances that are sorted for the areas; beyond it a part of the rows stands for all. */
const MOST_RANKED = 20_000_000;

/**
 * The weighted figures of chances of classes: log loss in nats, accuracy, Brier score (the squared distance summed over the
 * classes) and, as means over the classes that there are, each against the rest: area under the ROC and the
 * precision-recall curve, F1, precision and recall of the likeliest class.
 */
export function multiclassFigures(all: PredictedRows): PreparedFigures {
  checkPredictedRows(all);
  const { labels, predictions, outputs, weights } = all;
  const answered = Uint16Array.from({ length: labels.length }, (_, row) =>
    likeliest(predictions, row, outputs),
  );
  const rankedRows = evenlySpaced(labels.length, Math.max(1000, Math.floor(MOST_RANKED / outputs)));
  const part = rankedRows.length === labels.length ? all : pickRows(all, rankedRows);
  const ranked = Array.from({ length: outputs }, (_, of) => rankRows(oneAgainstRest(part, of)));
  return (multiplicity = null) => {
    const hits = new Float64Array(outputs);
    const truths = new Float64Array(outputs);
    const answers = new Float64Array(outputs);
    let [mass, loss, squares] = [0, 0, 0];
    for (let row = 0; row < labels.length; row++) {
      const weight =
        (weights === null ? 1 : weights[row]!) * (multiplicity === null ? 1 : multiplicity[row]!);
      if (weight === 0) continue;
      const truth = labels[row]!;
      mass += weight;
      loss += weight * classLoss(predictions[row * outputs + truth]!);
      for (let of = 0; of < outputs; of++)
        squares += weight * (predictions[row * outputs + of]! - Number(of === truth)) ** 2;
      truths[truth]! += weight;
      answers[answered[row]!]! += weight;
      if (answered[row] === truth) hits[truth]! += weight;
    }
    const own =
      multiplicity === null || part === all
        ? multiplicity
        : Uint8Array.from(rankedRows, (row) => multiplicity[row]!);
    return {
      logloss: loss / mass,
      accuracy: hits.reduce((sum, hit) => sum + hit, 0) / mass,
      brier: squares / mass,
      ...means(ranked, own, hits, truths, answers),
    };
  };
}

function means(
  ranked: readonly RankedRows[],
  multiplicity: Uint8Array | null,
  hits: Float64Array,
  truths: Float64Array,
  answers: Float64Array,
): Figures {
  const sums = { auc: 0, prAuc: 0, f1: 0, precision: 0, recall: 0 };
  let [present, separable] = [0, 0];
  for (const [of, rows] of ranked.entries()) {
    if (truths[of] === 0) continue;
    present++;
    sums.f1 += (2 * hits[of]!) / (truths[of]! + answers[of]!);
    sums.precision += answers[of] === 0 ? 0 : hits[of]! / answers[of]!;
    sums.recall += hits[of]! / truths[of]!;
    const { auc, prAuc } = areas(rows, multiplicity);
    if (!Number.isFinite(auc)) continue;
    separable++;
    sums.auc += auc;
    sums.prAuc += prAuc;
  }
  const of = (sum: number, count: number): number => (count === 0 ? Number.NaN : sum / count);
  return {
    auc: of(sums.auc, separable),
    prAuc: of(sums.prAuc, separable),
    f1: of(sums.f1, present),
    precision: of(sums.precision, present),
    recall: of(sums.recall, present),
  };
}
