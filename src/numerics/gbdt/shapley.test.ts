import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../../../test/fixtures/random-numbers.ts';
import type { TreeArrays } from '../onnx/index.ts';
import { explainGbdt, fitGbdt, type GbdtModel, type Objective, scoreGbdt } from './index.ts';

const FEATURES = 5;

function learn(objective: Objective, trees: number, leaves: number) {
  const rows = 1500;
  const random = randomNumbers(21);
  const matrix = new Float32Array(rows * FEATURES);
  const labels = new Float32Array(rows);
  for (let row = 0; row < rows; row++) {
    for (let feature = 0; feature < FEATURES; feature++)
      matrix[feature * rows + row] =
        feature === 2 ? Math.floor(random() * 9) : random() < 0.1 ? Number.NaN : random();
    const [a = 0, b = 0, c = 0] = [0, 1, 2].map((feature) => matrix[feature * rows + row]! || 0.2);
    labels[row] =
      objective.kind === 'multiclass' ? Math.floor(3 * random() ** (1 + a)) : a * b * 4 + (c % 3) + random();
  }
  const data = { matrix, rows, features: FEATURES, from: 0, to: rows };
  const model = fitGbdt({
    data,
    validation: { from: rows, to: rows },
    labels,
    objective,
    categorical: [false, false, true],
    trees,
    leaves,
    learningRate: 0.3,
    minRowsPerLeaf: 5,
    l2: 0,
  });
  return { model, data: { ...data, from: 100, to: 160 } };
}

/** The expected score when only the features in `known` (a bit each) are known, straight from the definition. */
function conditional(tree: TreeArrays, values: readonly number[], known: number, node = 0): number {
  const feature = tree.feature[node]!;
  if (feature < 0) return tree.value[node]!;
  const [left, right] = [tree.left[node]!, tree.right[node]!];
  if (known & (1 << feature)) {
    const value = values[feature]!;
    const set = tree.categories[node];
    const goesLeft = Number.isNaN(value)
      ? tree.missingLeft[node] === 1
      : set
        ? set.includes(value)
        : value <= tree.threshold[node]!;
    return conditional(tree, values, known, goesLeft ? left : right);
  }
  return (
    (tree.cover[left]! * conditional(tree, values, known, left) +
      tree.cover[right]! * conditional(tree, values, known, right)) /
    tree.cover[node]!
  );
}

/** Shapley's formula over all subsets. */
function bruteForce(model: GbdtModel, values: readonly number[], feature: number): number {
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  const score = (known: number): number =>
    model.trees.reduce((sum, tree) => sum + conditional(tree, values, known), 0);
  let total = 0;
  for (let subset = 0; subset < 1 << FEATURES; subset++) {
    if (subset & (1 << feature)) continue;
    const size = subset.toString(2).replaceAll('0', '').length;
    const weight = (factorial(size) * factorial(FEATURES - size - 1)) / factorial(FEATURES);
    total += weight * (score(subset | (1 << feature)) - score(subset));
  }
  return total;
}

describe('explainGbdt', () => {
  it.each([[{ kind: 'squared' }], [{ kind: 'multiclass', classes: 3 }], [{ kind: 'poisson' }]] as const)(
    'adds up to every score: %o',
    (objective) => {
      const { model, data } = learn(objective, 12, 20);
      const scores = scoreGbdt(model, data);
      const { expected, contributions } = explainGbdt(model, data);
      for (const [output, ofRows] of scores.entries())
        for (const [row, score] of ofRows.entries()) {
          let sum = expected[output]!;
          for (let feature = 0; feature < FEATURES; feature++)
            sum += contributions[output]![row * FEATURES + feature]!;
          expect(sum).toBeCloseTo(score, 8);
        }
    },
  );

  it('gives the Shapley values of the definition', () => {
    const { model, data } = learn({ kind: 'squared' }, 3, 12);
    expect(model.trees.some(({ categories }) => categories.some((one) => one !== null))).toBe(true);
    const { contributions } = explainGbdt(model, data);
    for (let row = 0; row < 30; row++) {
      const values = Array.from(
        { length: FEATURES },
        (_, f) => data.matrix[f * data.rows + data.from + row]!,
      );
      for (let feature = 0; feature < FEATURES; feature++)
        expect(contributions[0]![row * FEATURES + feature]).toBeCloseTo(
          bruteForce(model, values, feature),
          9,
        );
    }
  });

  it('expects the mean score of the training rows', () => {
    const { model, data } = learn({ kind: 'squared' }, 5, 8);
    const all = scoreGbdt(model, { ...data, from: 0, to: data.rows })[0]!;
    const mean = all.reduce((sum, score) => sum + score, 0) / all.length;
    expect(explainGbdt(model, data).expected[0]).toBeCloseTo(mean, 6);
  });
});
