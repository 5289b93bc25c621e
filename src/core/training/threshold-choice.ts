import {
  bestThreshold,
  type PredictedRows,
  rankRows,
  thresholdPoints,
} from '../../numerics/evaluation/index.ts';
import type { Evaluation } from '../../shared/contract/types.ts';
import type { Evaluate } from '../../shared/definitions/training.ts';

type Threshold = NonNullable<Evaluation['threshold']>;

const HALF = 0.5;
const POINTS = 1000;

/** The chance from which up yes is the answer: as it is said, or what serves the wish best on the validation rows. */
export function chooseThreshold(wish: Evaluate['threshold'], validation: PredictedRows): Threshold {
  if (typeof wish === 'number') return { value: wish, goal: 'fixed', unreached: false };
  const asked = wish ?? { goal: 'f1' };
  if (validation.labels.length === 0) return { value: HALF, goal: 'fixed', unreached: false };
  const best = bestThreshold(thresholdPoints(rankRows(validation), POINTS), asked);
  // Without a yes among them no threshold finds one.
  const unreached = best === null || best.truePositives + best.falseNegatives === 0;
  return { value: unreached ? HALF : best.threshold, goal: asked.goal, unreached };
}
