import type { Figures, PreparedFigures } from './binary-figures.ts';
import { checkPredictedRows, type PredictedRows } from './predicted-rows.ts';

/**
 * The weighted figures of predicted numbers: root mean squared error, mean absolute error, share of the variance explained
 * (NaN for labels that are all the same), and for a predicted quantile its pinball loss.
 */
export function regressionFigures(all: PredictedRows, quantile: number | null): PreparedFigures {
  checkPredictedRows(all);
  const { labels, predictions, weights } = all;
  return (multiplicity = null): Figures => {
    let [mass, squares, absolute, pinball, mean, spread] = [0, 0, 0, 0, 0, 0];
    for (let row = 0; row < labels.length; row++) {
      const weight =
        (weights === null ? 1 : weights[row]!) * (multiplicity === null ? 1 : multiplicity[row]!);
      if (weight === 0) continue;
      const label = labels[row]!;
      const error = label - predictions[row]!;
      mass += weight;
      squares += weight * error * error;
      absolute += weight * Math.abs(error);
      if (quantile !== null) pinball += weight * error * (error >= 0 ? quantile : quantile - 1);
      // running weighted variance (West 1979): labels far from 0 keep their digits
      const from = label - mean;
      mean += (weight / mass) * from;
      spread += weight * from * (label - mean);
    }
    return {
      rmse: Math.sqrt(squares / mass),
      mae: absolute / mass,
      r2: spread === 0 ? Number.NaN : 1 - squares / spread,
      ...(quantile === null ? {} : { quantileLoss: pinball / mass }),
    };
  };
}
