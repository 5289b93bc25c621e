import { describe, expect, it } from 'vitest';
import { randomNumbers } from '../../../test/fixtures/random-numbers.ts';
import { type FitGbdtOptions, fitGbdt, type GbdtModel, predictGbdt, predictGbdtOutputs } from './index.ts';

const ROWS = 1200;
const FEATURES = 3;

/** Feature 2 is a category of eight. */
function problem(): Pick<FitGbdtOptions, 'data' | 'labels'> {
  const random = randomNumbers(31);
  const matrix = new Float32Array(ROWS * FEATURES);
  const labels = new Float32Array(ROWS);
  for (let row = 0; row < ROWS; row++) {
    const [a, b, town] = [random(), random() * 100, Math.floor(random() * 8)];
    for (const [feature, value] of [a, b, town].entries()) matrix[feature * ROWS + row] = value;
    labels[row] = random() < 1 / (1 + Math.exp(-(6 * a + (town % 3) - 4))) ? 1 : 0;
  }
  return { data: { matrix, rows: ROWS, features: FEATURES, from: 0, to: ROWS }, labels };
}

const learn = (changes: Partial<FitGbdtOptions> = {}): GbdtModel =>
  fitGbdt({
    ...problem(),
    validation: { from: ROWS, to: ROWS },
    objective: { kind: 'binary' },
    categorical: [false, false, true],
    trees: 20,
    leaves: 15,
    learningRate: 0.2,
    minRowsPerLeaf: 10,
    l2: 0,
    ...changes,
  });

/** The problem with other labels, or one column written anew. */
const withLabels = (label: (row: number) => number) => ({
  labels: Float32Array.from({ length: ROWS }, (_, row) => label(row)),
});
function withColumn(feature: number, value: (row: number) => number): Pick<FitGbdtOptions, 'data'> {
  const { data } = problem();
  for (let row = 0; row < ROWS; row++) data.matrix[feature * ROWS + row] = value(row);
  return { data };
}

describe('options of boosted trees', () => {
  it('keep trees within the depth', () => {
    const depth = (tree: GbdtModel['trees'][number], node = 0): number =>
      tree.feature[node]! < 0
        ? 0
        : 1 + Math.max(depth(tree, tree.left[node]!), depth(tree, tree.right[node]!));
    const { trees } = learn({ maxDepth: 2, leaves: 31 });
    expect(Math.max(...trees.map((tree) => depth(tree)))).toBe(2);
  });

  it('shrink the leaves by L1 and L2, to nothing in the end', () => {
    const largest = (model: GbdtModel): number =>
      Math.max(...model.trees.flatMap(({ value }) => Array.from(value, Math.abs)), 0);
    const plain = largest(learn({ trees: 1 }));
    expect(largest(learn({ trees: 1, l2: 50 }))).toBeLessThan(plain);
    expect(largest(learn({ trees: 1, l1: 5 }))).toBeLessThan(plain);
    expect(learn({ l1: 1e6 }).trees).toEqual([]);
  });

  it('stop at leaves of little curvature', () => {
    const count = (model: GbdtModel): number =>
      model.trees.reduce((sum, { feature }) => sum + feature.length, 0);
    expect(count(learn({ minChildWeight: 30 }))).toBeLessThan(count(learn()));
    expect(learn({ minChildWeight: 1e9 }).trees).toEqual([]);
  });

  it('use no more bins than allowed', () => {
    const thresholds = new Set(
      learn({ maxBins: 4 }).trees.flatMap(({ feature, threshold }) =>
        Array.from(threshold).filter((_, node) => feature[node] === 0),
      ),
    );
    expect(thresholds.size).toBeLessThanOrEqual(3);
  });

  it('draw rows and columns by the seed', () => {
    const draw = (seed: number) => learn({ rowSampling: 0.5, columnSampling: 0.34, seed });
    expect(draw(1)).toEqual(draw(1));
    expect(draw(1)).not.toEqual(draw(2));
    for (const { feature, cover } of draw(1).trees) {
      expect(new Set(Array.from(feature).filter((one) => one >= 0)).size).toBeLessThanOrEqual(1);
      expect(cover[0]).toBeGreaterThan(500);
      expect(cover[0]).toBeLessThan(700);
    }
  });

  it('keep predictions from falling or rising where they must not', () => {
    const noisy = withLabels((row) => Math.sin(row * 7.7) + Math.sin(9 * problem().data.matrix[row]!) * 2);
    const { data } = problem();
    const base = { ...data, rows: 200, from: 0, to: 200 };
    const curve = (direction: number): Float64Array => {
      const model = learn({ ...noisy, objective: { kind: 'squared' }, monotone: [direction] });
      const matrix = new Float32Array(200 * FEATURES);
      for (let row = 0; row < 200; row++) {
        matrix[row] = row / 200;
        matrix[200 + row] = 50;
        matrix[400 + row] = 3;
      }
      return predictGbdt(model, { ...base, matrix });
    };
    const steps = (values: Float64Array): number[] =>
      Array.from(values.subarray(1), (value, at) => value - values[at]!);
    expect(Math.min(...steps(curve(1)))).toBeGreaterThanOrEqual(0);
    expect(Math.max(...steps(curve(-1)))).toBeLessThanOrEqual(0);
    expect(Math.min(...steps(curve(0)))).toBeLessThan(0);
  });

  it('count a row of weight two like two rows, and one of weight zero not at all', () => {
    const { data, labels } = problem();
    const half = ROWS / 2;
    const weights = Float32Array.from({ length: ROWS }, (_, row) => (row < half ? 2 : 0));
    const doubled = new Float32Array(ROWS * FEATURES);
    for (let feature = 0; feature < FEATURES; feature++)
      for (let row = 0; row < ROWS; row++)
        doubled[feature * ROWS + row] = data.matrix[feature * ROWS + (row % half)]!;
    const settings = { minRowsPerLeaf: 1, minChildWeight: 3, trees: 5, categorical: undefined } as const;
    // Bins are chosen by rows, whatever their weight: here every value has its own anyway.
    const coarse = (matrix: Float32Array): Float32Array =>
      matrix.map((value) => (Math.round(value * 20) / 20) % 10);
    const weighted = learn({ ...settings, data: { ...data, matrix: coarse(data.matrix) }, weights });
    const repeated = learn({
      ...settings,
      data: { ...data, matrix: coarse(doubled) },
      labels: labels.map((_, row) => labels[row % half]!),
      weights: new Float32Array(ROWS).fill(1),
    });
    const rows = { ...data, matrix: coarse(data.matrix) };
    const [a, b] = [predictGbdt(weighted, rows), predictGbdt(repeated, rows)];
    for (const [row, value] of a.entries()) expect(value).toBeCloseTo(b[row]!, 3);
  });

  it('favour a class of larger weight', () => {
    const mean = (classWeights: readonly number[]): number =>
      predictGbdt(learn({ classWeights }), problem().data).reduce((sum, one) => sum + one, 0) / ROWS;
    expect(mean([1, 5])).toBeGreaterThan(mean([1, 1]) + 0.1);
  });
});

describe('data that boosted trees meet', () => {
  it('may lack a column, or hold nothing but one value, or infinite ones', () => {
    for (const value of [() => Number.NaN, () => 7]) {
      const model = learn(withColumn(0, value));
      expect(model.importance.splits[0]).toBe(0);
    }
    const infinite = withColumn(1, (row) =>
      row % 2 === 0 ? Number.POSITIVE_INFINITY : row % 3 === 0 ? Number.NEGATIVE_INFINITY : row,
    );
    const model = learn({ ...infinite, ...withLabels((row) => Number(row % 2 === 0)) });
    const predictions = predictGbdt(model, infinite.data);
    expect(predictions[0]).toBeGreaterThan(0.9);
    expect(predictions[3]).toBeLessThan(0.1);
  });

  it('may have a label that never changes, where it is a number', () => {
    for (const kind of ['squared', 'absolute', 'poisson'] as const) {
      const model = learn({ ...withLabels(() => 4), objective: { kind } });
      expect(predictGbdt(model, problem().data)[5]).toBeCloseTo(4, 5);
    }
  });

  it('may have more categories than bins, a million too, and later ones that were never seen', () => {
    const { data } = withColumn(2, (row) => (row % 3 === 0 ? 1_000_000 + (row % 2) : row * 800));
    const model = learn({ data, ...withLabels((row) => Number(row % 3 === 0 && row % 2 === 1)) });
    const at = (category: number): number =>
      predictGbdt(model, { ...data, matrix: Float32Array.of(0.5, 50, category), rows: 1, to: 1 })[0]!;
    expect(at(1_000_001)).toBeGreaterThan(0.8);
    expect(at(1_000_000)).toBeLessThan(0.2);
    // Never seen, seen once, and beyond all: the same.
    expect(at(5)).toBe(at(800));
    expect(at(16_000_000)).toBe(at(5));
    expect(at(Number.NaN)).toBeGreaterThanOrEqual(0);
  });

  it('may have a class that no training row has', () => {
    const labels = withLabels((row) => (row % 2) * 2);
    const model = learn({ ...labels, objective: { kind: 'multiclass', classes: 3 } });
    const chances = predictGbdtOutputs(model, problem().data);
    expect(chances[1]![0]).toBeLessThan(1e-6);
    expect(chances[0]![0]! + chances[1]![0]! + chances[2]![0]!).toBeCloseTo(1, 10);
  });

  it.each([
    ['a label of one class', withLabels(() => 1), /one class only/],
    ['a class number that is none', withLabels((row) => row % 3), /label of row 2 is neither 0 nor 1: 2/],
    [
      'a label without end',
      withLabels((row) => (row === 9 ? Number.POSITIVE_INFINITY : row % 2)),
      /row 9 is not a finite/,
    ],
    [
      'negative counts',
      { ...withLabels((row) => -row), objective: { kind: 'poisson' } },
      /row 1 is negative/,
    ],
    ['no event at all', { ...withLabels(() => 0), objective: { kind: 'poisson' } }, /no event/],
    ['negative weights', { weights: new Float32Array(ROWS).fill(-1) }, /weight of row 0 is negative/],
    ['no weight', { weights: new Float32Array(ROWS) }, /All training rows have weight 0/],
    [
      'categories that are no whole numbers',
      withColumn(2, (row) => row / 7),
      /category of feature 2 in row 1/,
    ],
    ['categories below 0', withColumn(2, () => -1), /category of feature 2 in row 0/],
    ['too large category numbers', withColumn(2, () => 2 ** 25), /category of feature 2/],
    ['no rows', { data: { ...problem().data, to: 0 } }, /no training rows/],
    ['a direction for categories', { monotone: [0, 0, 1] }, /Feature 2 is categorical/],
    ['directions without distances', { monotone: [1], objective: { kind: 'absolute' } }, /absolute/],
    ['three weights for two classes', { classWeights: [1, 2, 3] }, /3 class weights for 2 classes/],
    ['a share above all', { rowSampling: 1.5 }, /rowSampling is 1.5/],
    ['a quantile that is none', { objective: { kind: 'quantile', alpha: 1 } }, /alpha is 1/],
  ] as [string, Partial<FitGbdtOptions>, RegExp][])(
    'are refused with %s, saying so',
    (_what, changes, message) => {
      expect(() => learn(changes)).toThrow(message);
    },
  );

  it('are refused where they would not fit the memory', () => {
    const { data } = problem();
    expect(() => learn({ data: { ...data, features: 40_000 }, leaves: 255 })).toThrow(/at most 4 GiB/);
  });
});
