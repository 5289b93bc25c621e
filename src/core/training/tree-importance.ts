import { explainGbdt, type GbdtModel, predictGbdtOutputs } from '../../numerics/gbdt/index.ts';
import { permutationImportance } from '../../numerics/importance/index.ts';
import type { MatrixRows } from '../../numerics/linear/index.ts';
import type { Contributions, FeatureImportance } from './fitted-model.ts';

/** One list per output becomes one list, row by row. */
export function byRow(outputs: readonly Float64Array[]): Float64Array {
  const [first] = outputs;
  if (outputs.length === 1) return first!;
  return Float64Array.from(
    { length: first!.length * outputs.length },
    (_, at) => outputs[at % outputs.length]![Math.floor(at / outputs.length)]!,
  );
}

/** Visits of trees by rows that the figures may cost: below about a second. */
const MOST_VISITS = 10_000_000;
const SHAPLEY_VISITS = 40_000;
const MOST_ROWS = 2000;
const REPEATS = 3;
/** A wide table of many trees: fewer rows than that tell nothing. */
const LEAST_ROWS = 20;

const limited = (model: GbdtModel, data: MatrixRows, visits: number): MatrixRows => ({
  ...data,
  to: Math.min(data.to, data.from + Math.min(MOST_ROWS, Math.floor(visits / model.trees.length))),
});

/** Each feature's gain and number of splits, and how much the loss grows when it is shuffled among the first rows of the test part. */
export function treeImportance(
  model: GbdtModel,
  data: MatrixRows,
  seed: number,
  lossOf: (predictions: Float64Array, from: number) => number,
): FeatureImportance[] {
  const { gain, splits } = model.importance;
  const basic = Array.from(gain, (value, feature) => ({ gain: value, splits: splits[feature]! }));
  if (model.trees.length === 0) return basic;
  const permuted = limited(model, data, MOST_VISITS / (model.features * REPEATS));
  if (permuted.to - permuted.from < LEAST_ROWS) return basic;
  const { increase } = permutationImportance({
    data: permuted,
    loss: (rows) => lossOf(byRow(predictGbdtOutputs(model, rows)), data.from),
    repeats: REPEATS,
    seed,
  });
  return basic.map((one, feature) => ({ ...one, permutation: increase[feature]! }));
}

/** Shapley values of the first rows of the test part, by TreeSHAP. */
export function treeContributions(model: GbdtModel, data: MatrixRows): Contributions | null {
  if (model.trees.length === 0) return null;
  const explained = limited(model, data, SHAPLEY_VISITS);
  const rows = explained.to - explained.from;
  if (rows < LEAST_ROWS) return null;
  const { expected, contributions } = explainGbdt(model, explained);
  return { rows, base: expected, contributions };
}
