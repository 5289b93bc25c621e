import { writeModel } from '../../../numerics/onnx/index.ts';
import { isCost } from '../../../shared/tuning-goal.ts';
import type { FittedModel, RowRange } from '../fitted-model.ts';

const MOST_ROWS = 10_000;
const REPETITIONS = 5;
const MICROS_PER_MS = 1000;

/** What a model costs: what it tells of itself, and of what takes time to find out that which is asked for. */
export function measuredCosts(
  fitted: FittedModel,
  { from, to }: RowRange,
  asked: readonly string[],
): Record<string, number> {
  const facts = Object.entries(fitted.facts).filter(([name]) => isCost(name));
  return {
    ...Object.fromEntries(facts),
    // How columns become the learner's numbers is the same for all trials, and left out.
    ...(asked.includes('modelBytes') ? { modelBytes: writeModel(fitted.graph()).length } : {}),
    ...(asked.includes('predictMicrosPerRow')
      ? { predictMicrosPerRow: quickestPerRow(fitted, { from, to: Math.min(to, from + MOST_ROWS) }) }
      : {}),
  };
}

/** The quickest of some: what else the machine does makes it only slower. */
function quickestPerRow(fitted: FittedModel, range: RowRange): number {
  let quickestMs = Number.POSITIVE_INFINITY;
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    const startedAt = performance.now();
    fitted.predict(range);
    quickestMs = Math.min(quickestMs, performance.now() - startedAt);
  }
  return (quickestMs * MICROS_PER_MS) / (range.to - range.from);
}
