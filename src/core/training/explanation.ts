import type { MatrixRows } from '../../numerics/linear/index.ts';
import type { Evaluation } from '../../shared/contract/types.ts';
import type { Contributions, FeatureImportance } from './fitted-model.ts';
import type { LearnRequest } from './worker-messages.ts';

/** Features and rows of which single contributions are kept. */
const SHOWN_FEATURES = 20;
const SHOWN_ROWS = 200;
/** Of models of many classes: the reports of all of them are kept, with fewer rows where there are more than a few. */
const SHOWN_CLASSES = 20;
const FEW_CLASSES = 5;
const ROWS_OF_MANY_CLASSES = 50;

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

function meanAbsolute(
  { rows, contributions }: Pick<Contributions, 'rows' | 'contributions'>,
  feature: number,
  features: number,
): number {
  let sum = 0;
  for (const ofOutput of contributions)
    for (let row = 0; row < rows; row++) sum += Math.abs(ofOutput[row * features + feature]!);
  return sum / rows;
}

/** Contributions to a single score, or to the score of each class. */
export function shapleyReport(
  request: Pick<LearnRequest, 'featureNames' | 'categorical' | 'classes'>,
  explained: Contributions,
  data: MatrixRows,
): Pick<Evaluation, 'shapley' | 'shapleyBase' | 'shapleyScores' | 'shapleyClasses'> {
  const { contributions, rows, base } = explained;
  const [only] = contributions;
  if (only === undefined) return {};
  if (contributions.length === 1) {
    const shown = Math.min(SHOWN_ROWS, rows);
    return {
      shapley: shapleyPoints(request, only, data, shown),
      shapleyBase: base[0]!,
      shapleyScores: scoresOf(base[0]!, only, data.features, shown),
    };
  }
  const shownRows = Math.min(contributions.length > FEW_CLASSES ? ROWS_OF_MANY_CLASSES : SHOWN_ROWS, rows);
  const shapleyClasses = [...contributions.keys()]
    .map((index) => ({ index, moved: contributions[index]!.reduce((sum, one) => sum + Math.abs(one), 0) }))
    .sort((a, b) => b.moved - a.moved)
    .slice(0, SHOWN_CLASSES)
    .sort((a, b) => a.index - b.index)
    .map(({ index }) => ({
      class: request.classes?.[index] ?? String(index),
      base: base[index]!,
      scores: scoresOf(base[index]!, contributions[index]!, data.features, shownRows),
      features: shapleyPoints(request, contributions[index]!, data, shownRows),
    }));
  return { shapleyClasses };
}

/** The rows' raw scores: the base and what every feature adds, also those that are not shown. */
const scoresOf = (base: number, contributions: Float64Array, features: number, rows: number): number[] =>
  Array.from({ length: rows }, (_, row) =>
    contributions.subarray(row * features, (row + 1) * features).reduce((sum, one) => sum + one, base),
  );

/**
 * Single contributions to one score of the features that matter most to it. Beside each where its row's value stands,
 * which categories and missing values do not.
 */
function shapleyPoints(
  { featureNames: features, categorical }: Pick<LearnRequest, 'featureNames' | 'categorical'>,
  contributions: Float64Array,
  data: MatrixRows,
  rows: number,
): NonNullable<Evaluation['shapley']> {
  const explained = {
    rows: contributions.length / features.length,
    contributions: [contributions],
  };
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
