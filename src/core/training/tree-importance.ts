import { explainGbdt, type GbdtModel, predictGbdtOutputs } from '../../numerics/gbdt/index.ts';
import { permutationImportance } from '../../numerics/importance/index.ts';
import type { MatrixRows } from '../../numerics/linear/index.ts';
import type { FeatureImportance } from './fitted-model.ts';

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

/**
 * Each feature's gain and number of splits, how much the loss grows when it is shuffled, and the mean absolute Shapley value
 * of its contributions to the score, the latter two over the first rows of the test part.
 */
export function treeImportance(
  model: GbdtModel,
  data: MatrixRows,
  seed: number,
  lossOf: (predictions: Float64Array, from: number) => number,
): FeatureImportance[] {
  const { gain, splits } = model.importance;
  const basic = Array.from(gain, (value, feature) => ({ gain: value, splits: splits[feature]! }));
  const trees = model.trees.length;
  if (trees === 0) return basic;
  const limited = (visits: number): MatrixRows => ({
    ...data,
    to: Math.min(data.to, data.from + Math.min(MOST_ROWS, Math.floor(visits / trees))),
  });
  const permuted = limited(MOST_VISITS / (model.features * REPEATS));
  const explained = limited(SHAPLEY_VISITS);
  // A wide table of many trees: fewer rows than that tell nothing.
  const tooFew = Math.min(permuted.to - permuted.from, explained.to - explained.from) < 20;
  if (tooFew) return basic;
  const { increase } = permutationImportance({
    data: permuted,
    loss: (rows) => lossOf(byRow(predictGbdtOutputs(model, rows)), data.from),
    repeats: REPEATS,
    seed,
  });
  const { contributions } = explainGbdt(model, explained);
  const rows = explained.to - explained.from;
  return basic.map((one, feature) => {
    let sum = 0;
    for (const ofOutput of contributions)
      for (let row = 0; row < rows; row++) sum += Math.abs(ofOutput[row * model.features + feature]!);
    return { ...one, permutation: increase[feature]!, shapley: sum / rows };
  });
}
