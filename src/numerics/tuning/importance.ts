import { mulberry32 } from '../arrays/mulberry32.ts';
import { type Leaf, regressionLeaves } from './regression-tree.ts';
import { bounds, type Dimension, type Space, toCoordinate } from './space.ts';
import type { Observation } from './tpe-sampler.ts';

/** Fewer trials say little about what matters. */
export const LEAST_TRIALS_FOR_IMPORTANCE = 10;
/** Of more, as many are taken, evenly. It bounds the time. */
const MOST_TRIALS = 256;
const TREES = 32;
const SEED = 1;

/**
 * How much of a result's variation over the whole space each setting explains by itself: shares of 1, whose rest is interplay
 * of settings. Null with too few measured trials, or where all results are the same.
 *
 * Functional analysis of variance over a random forest (F. Hutter, H. Hoos, K. Leyton-Brown, An Efficient Approach for
 * Assessing Hyperparameter Importance, ICML 2014, section 3).
 *
 * @param observations those with a loss of NaN are left out.
 */
export function settingImportance(
  space: Space,
  observations: readonly Observation[],
): Readonly<Record<string, number>> | null {
  const measured = thinned(observations.filter(({ loss }) => Number.isFinite(loss)));
  if (measured.length < LEAST_TRIALS_FOR_IMPORTANCE) return null;
  const dimensions = Object.entries(space);
  const points = dimensions.map(([name, dimension]) =>
    Float64Array.from(measured, ({ point }) => unitPlace(dimension, point[name]!)),
  );
  const losses = Float64Array.from(measured, ({ loss }) => loss);
  const random = mulberry32(SEED);
  const shares = new Float64Array(dimensions.length);
  let trees = 0;
  for (let tree = 0; tree < TREES; tree++) {
    const drawn = Int32Array.from(losses, () => Math.floor(random() * losses.length));
    const own = sharesOf(regressionLeaves(points, losses, drawn), dimensions.length);
    if (own === null) continue;
    trees++;
    for (const [dimension, share] of own.entries()) shares[dimension]! += share;
  }
  if (trees === 0) return null;
  return Object.fromEntries(dimensions.map(([name], at) => [name, shares[at]! / trees]));
}

/** The part of a tree's variance that its mean along each dimension has; null for a tree that says the same everywhere. */
function sharesOf(leaves: readonly Leaf[], dimensions: number): number[] | null {
  const volumes = leaves.map(({ low, high }) =>
    low.reduce((product, from, at) => product * (high[at]! - from), 1),
  );
  const mean = leaves.reduce((total, { value }, at) => total + value * volumes[at]!, 0);
  const variance = leaves.reduce((total, { value }, at) => total + volumes[at]! * (value - mean) ** 2, 0);
  if (!(variance > 0)) return null;
  return Array.from({ length: dimensions }, (_, dimension) => {
    // The mean over all other dimensions is a step function, which changes where boxes begin and end.
    const steps = leaves.flatMap(({ low, high, value }, at) => {
      const [from, to] = [low[dimension]!, high[dimension]!];
      const weight = (value * volumes[at]!) / (to - from);
      return [
        { at: from, by: weight },
        { at: to, by: -weight },
      ];
    });
    steps.sort((a, b) => a.at - b.at);
    let height = 0;
    let explained = 0;
    for (const [index, step] of steps.entries()) {
      height += step.by;
      const width = (steps[index + 1]?.at ?? step.at) - step.at;
      explained += width * (height - mean) ** 2;
    }
    return explained / variance;
  });
}

function unitPlace(dimension: Dimension, value: number): number {
  if (dimension.kind === 'choice') return (value + 0.5) / dimension.options;
  const { from, to } = bounds(dimension);
  return Math.min(1, Math.max(0, (toCoordinate(dimension, value) - from) / (to - from)));
}

const thinned = <Item>(items: readonly Item[]): readonly Item[] =>
  items.length <= MOST_TRIALS
    ? items
    : Array.from({ length: MOST_TRIALS }, (_, at) => items[Math.floor((at * items.length) / MOST_TRIALS)]!);
