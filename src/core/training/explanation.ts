import type { MatrixRows } from '../../numerics/linear/index.ts';
import type { Evaluation } from '../../shared/contract/types.ts';
import type { Contributions, FeatureImportance } from './fitted-model.ts';
import type { LearnRequest } from './worker-messages.ts';

/** Features and rows of which single contributions are kept. */
const SHOWN_FEATURES = 20;
const SHOWN_ROWS = 200;

/** Each feature's worth with its mean absolute Shapley value, the most gain first. */
export function withShapley(
  features: readonly string[],
  importances: readonly FeatureImportance[],
  explained: Contributions | null,
): Evaluation['importance'] {
  return features
    .map((feature, index) => ({
      feature,
      ...importances[index]!,
      ...(explained === null ? {} : { shapley: meanAbsolute(explained, index, features.length) }),
    }))
    .sort((a, b) => b.gain - a.gain);
}

function meanAbsolute({ rows, contributions }: Contributions, feature: number, features: number): number {
  let sum = 0;
  for (const ofOutput of contributions)
    for (let row = 0; row < rows; row++) sum += Math.abs(ofOutput[row * features + feature]!);
  return sum / rows;
}

/**
 * Single contributions of the features that matter most, for a model of one output. Beside each where its row's value
 * stands, which categories and missing values do not.
 */
export function shapleyPoints(
  { featureNames: features, categorical }: Pick<LearnRequest, 'featureNames' | 'categorical'>,
  explained: Contributions,
  data: MatrixRows,
): NonNullable<Evaluation['shapley']> {
  const [contributions] = explained.contributions;
  if (contributions === undefined || explained.contributions.length > 1) return [];
  const rows = Math.min(SHOWN_ROWS, explained.rows);
  return [...features.keys()]
    .map((index) => ({ index, mean: meanAbsolute(explained, index, features.length) }))
    .sort((a, b) => b.mean - a.mean)
    .slice(0, SHOWN_FEATURES)
    .map(({ index }) => {
      const start = index * data.rows + data.from;
      const levels = levelsOf(data.matrix.subarray(start, start + rows));
      return {
        feature: features[index]!,
        points: Array.from({ length: rows }, (_, row) => ({
          contribution: Number(contributions[row * features.length + index]!.toPrecision(6)),
          level: categorical[index] ? null : levels[row]!,
        })),
      };
    });
}

/** The share of present values below each, rounded; null where missing. */
function levelsOf(values: Float32Array): (number | null)[] {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  return Array.from(values, (value) => {
    if (Number.isNaN(value)) return null;
    let [low, high] = [0, sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (sorted[middle]! < value) low = middle + 1;
      else high = middle;
    }
    return Math.round((100 * low) / Math.max(1, sorted.length - 1)) / 100;
  });
}
