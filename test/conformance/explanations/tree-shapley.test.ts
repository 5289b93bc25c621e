import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { explainGbdt, fitGbdt, type GbdtModel, type Objective } from '../../../src/numerics/gbdt/index.ts';
import type { MatrixRows } from '../../../src/numerics/linear/index.ts';
import { randomNumbers } from '../../fixtures/random-numbers.ts';
import { installPythonPackages } from '../support/python-packages.ts';

const SHAP = '0.48.0';
const installed = installPythonPackages(`shap-${SHAP}-lightgbm`, [`shap==${SHAP}`, 'lightgbm==4.6.0']);
if (typeof installed === 'string') process.stderr.write(`skipped: shap ${SHAP} is missing (${installed})\n`);

const FEATURES = 5;
const TRAINED = 2000;
const EXPLAINED = 60;
/** More than 32, which take two words in LightGBM's format. */
const CATEGORIES = 40;

interface Learned {
  readonly model: GbdtModel;
  readonly data: MatrixRows;
  readonly categorical: readonly boolean[];
}

/** Numbers and, where asked for, categories, both with missing values. */
function learn(objective: Objective, withCategories: boolean): Learned {
  const random = randomNumbers(17);
  const matrix = new Float32Array(TRAINED * FEATURES);
  const labels = new Float32Array(TRAINED);
  const isCategory = (feature: number): boolean => withCategories && feature >= 3;
  for (let row = 0; row < TRAINED; row++) {
    for (let feature = 0; feature < FEATURES; feature++) {
      const value = isCategory(feature) ? Math.floor(random() * CATEGORIES) : random();
      matrix[feature * TRAINED + row] = random() < 0.12 ? Number.NaN : value;
    }
    const [a, b, , d, e] = Array.from({ length: FEATURES }, (_, feature) => {
      const value = matrix[feature * TRAINED + row]!;
      return Number.isNaN(value) ? 0.7 : value;
    });
    const level = 3 * a! * b! + ((d! * 7) % 5) * 0.4 + (e! % 3) * a!;
    labels[row] = objective.kind === 'multiclass' ? Math.floor(level) % 3 : level + 0.1 * random();
  }
  const data = { matrix, rows: TRAINED, features: FEATURES, from: 0, to: TRAINED };
  const categorical = Array.from({ length: FEATURES }, (_, feature) => isCategory(feature));
  const model = fitGbdt({
    data,
    validation: { from: TRAINED, to: TRAINED },
    labels,
    objective,
    categorical,
    trees: 15,
    leaves: 16,
    learningRate: 0.3,
    minRowsPerLeaf: 5,
    l2: 0,
  });
  return { model, data: { ...data, from: 100, to: 100 + EXPLAINED }, categorical };
}

function explainedByShap(by: 'lightgbm' | 'shap', { model, data, categorical }: Learned) {
  const { bin } = installed as { bin: string };
  const peer = spawnSync(path.join(bin, 'python'), [path.join(import.meta.dirname, 'trees_peer.py')], {
    input: JSON.stringify({
      by,
      categorical: categorical.flatMap((is, feature) => (is ? [feature] : [])),
      // JSON has no NaN: a missing value is null.
      rows: Array.from({ length: EXPLAINED }, (_, row) =>
        Array.from({ length: FEATURES }, (_, f) => data.matrix[f * data.rows + data.from + row]!),
      ),
      outputs: model.baseValues.map((_, output) =>
        model.trees
          .filter((_tree, index) => index % model.outputs === output)
          .map((tree) => ({
            ...Object.fromEntries(
              (['feature', 'threshold', 'missingLeft', 'left', 'right', 'value', 'cover'] as const).map(
                (name) => [name, Array.from(tree[name])],
              ),
            ),
            categories: tree.categories,
          })),
      ),
    }),
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
  });
  expect(peer.status, peer.stderr).toBe(0);
  return JSON.parse(peer.stdout) as { base: number; values: number[][] }[];
}

describe.skipIf(typeof installed === 'string')(`TreeSHAP beside shap ${SHAP}`, () => {
  it.each([
    ['shap', 'squared', false],
    ['lightgbm', 'squared', false],
    ['lightgbm', 'squared', true],
    ['lightgbm', 'multiclass', true],
  ] as const)(
    'gives the values of TreeExplainer by the code of %s: %s, categories %s',
    (by, kind, withCategories) => {
      const learned = learn(kind === 'multiclass' ? { kind, classes: 3 } : { kind }, withCategories);
      const { model, data } = learned;
      const splits = model.trees.flatMap(({ categories }) => categories);
      expect(splits.some((one) => one !== null)).toBe(withCategories);
      expect(model.trees.some(({ missingLeft }) => Array.from(missingLeft).includes(1))).toBe(true);
      const own = explainGbdt(model, data);
      for (const [output, theirs] of explainedByShap(by, learned).entries()) {
        expect(own.expected[output]).toBeCloseTo(theirs.base + model.baseValues[output]!, 6);
        for (const [at, value] of theirs.values.flat().entries())
          expect(own.contributions[output]![at]).toBeCloseTo(value, 6);
      }
    },
    120_000,
  );
});
