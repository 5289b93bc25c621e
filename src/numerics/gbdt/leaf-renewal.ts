import type { ThreadTeam } from '../threads/index.ts';
import type { ThreadWork } from './thread-work.ts';
import { weightedQuantile } from './weighted-quantile.ts';

/**
 * The quantile of what the leaf's rows still miss: the constant that minimises the pinball loss there (Friedman 2001, section
 * 4.3, for the median). Gradients of that loss tell no distances, so that they choose the splits only.
 */
export function renewedValue(team: ThreadTeam, work: ThreadWork, slot: number, alpha: number): number {
  const { plan, buffer, kernels } = work;
  const { at } = plan;
  const score = new Float32Array(buffer, at.score, plan.rows);
  const label = new Float32Array(buffer, at.label, plan.rows);
  const weight = at.weight === 0 ? null : new Float32Array(buffer, at.weight, plan.rows);
  // Gradients are packed in the records by now, and the lists' scratch and the table of bins are free: all serve as work space.
  const residuals = new Float32Array(buffer, at.gradient, plan.rows);
  const weights: number[] = [];
  let count = 0;
  for (let thread = 0; thread < team.size; thread++) {
    const segment = work.segmentOf(slot, thread);
    const [begin, end] = [work.segments[segment]!, work.segments[segment + 1]!];
    const rows = new Uint32Array(buffer, begin, (end - begin) / 4);
    for (const row of rows) {
      residuals[count++] = label[row]! - score[row]!;
      if (weight !== null) weights.push(weight[row]!);
    }
  }
  if (weight !== null) return weightedQuantile(residuals.subarray(0, count), weights, alpha);
  kernels.sortValues(at.gradient, at.scratch, at.binTable, count);
  const position = alpha * (count - 1);
  const below = Math.floor(position);
  const above = Math.min(count - 1, below + 1);
  return residuals[below]! + (position - below) * (residuals[above]! - residuals[below]!);
}
