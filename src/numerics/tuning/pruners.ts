/** What a trial reported while it ran: losses by ascending step, smaller is better. */
export type Reports = readonly { readonly step: number; readonly loss: number }[];

/** Whether a trial is to be given up after its last report, judged by what others reported. */
export type Pruner = (own: Reports, others: readonly Reports[]) => boolean;

/** What a trial is judged by at a step that it has reached. */
export type ValueBy = (reports: Reports, step: number) => number;

/** Gives no trial up. */
export const neverPrune: Pruner = () => false;

/** Trials that must have come as far before any is judged. */
const LEAST_OTHERS = 4;

/**
 * Gives up a trial whose best loss so far is worse than the median of the others' best losses by the same step (D. Golovin
 * et al., Google Vizier, KDD 2017, section 3.2, with the best so far in place of the average, unless said).
 */
export const medianPruner =
  (warmupSteps: number, valueBy: ValueBy = bestBy): Pruner =>
  (own, others) => {
    const step = own.at(-1)?.step ?? 0;
    if (step < warmupSteps) return false;
    const reached = others.filter((one) => (one.at(-1)?.step ?? -1) >= step).map((one) => valueBy(one, step));
    return reached.length >= LEAST_OTHERS && valueBy(own, step) > median(reached);
  };

/**
 * Asynchronous successive halving: at each rung, a power of `reduction` times the first, a trial goes on only if it is among
 * the best part 1 / `reduction` of all that reached the rung so far (L. Li et al., A System for Massively Parallel
 * Hyperparameter Tuning, MLSys 2020, algorithm 2). Trials are not paused and promoted later: what does not go on has ended.
 */
export const halvingPruner =
  (firstRung: number, reduction: number, valueBy: ValueBy = bestBy): Pruner =>
  (own, others) => {
    const step = own.at(-1)?.step ?? 0;
    const before = own.at(-2)?.step ?? -1;
    for (let rung = firstRung; rung <= step; rung *= reduction) {
      if (rung <= before) continue;
      const losses = others
        .filter((one) => (one.at(-1)?.step ?? -1) >= rung)
        .map((one) => valueBy(one, rung));
      const mine = valueBy(own, rung);
      const better = losses.filter((loss) => loss < mine).length;
      if (
        losses.length + 1 >= reduction &&
        better >= Math.max(1, Math.floor((losses.length + 1) / reduction))
      )
        return true;
    }
    return false;
  };

/** Of all steps up to that one, the best. */
export function bestBy(reports: Reports, step: number): number {
  let best = Number.POSITIVE_INFINITY;
  for (const report of reports) if (report.step <= step && report.loss < best) best = report.loss;
  return best;
}

/** At that step, or at the last before. */
export const latestBy: ValueBy = (reports, step) =>
  reports.findLast((report) => report.step <= step)?.loss ?? Number.POSITIVE_INFINITY;

function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
