import { logOdds } from '../../../numerics/calibration/index.ts';
import type { MatrixRows } from '../../../numerics/linear/index.ts';
import type { FittedModel, OnIteration } from '../fitted-model.ts';
import { matrixOf } from '../matrix-of.ts';
import { sampledContributions } from '../network-contributions.ts';
import { permutedLoss } from '../permuted-loss.ts';
import type { LearnRequest } from '../worker-messages.ts';
import type { BlockingLearner } from './outside-learner.ts';

/** Rows by which it is found out what a prediction takes. */
const TIMED_ROWS = 2000;
/** Of the multiplications by which learners tell what a prediction takes. */
const WORK_PER_MS = 1_000_000;
/** What a prediction takes is known to this factor: what is looked at shall not depend on a moment's load. */
const STEP = 4;

/** A model that is computed elsewhere: nothing is known of it but what it says of rows. */
export function fitOutside(
  request: LearnRequest,
  outside: BlockingLearner,
  onIteration: OnIteration,
): FittedModel {
  const graph = outside.fit(request);
  onIteration(1, 1, {});
  const all = matrixOf(request);
  const { task, train, seed, classes } = request;
  const predict = (rows: MatrixRows): Float64Array => outside.predict(rows);
  let work: number | null = null;
  const workPerRow = (from: number, to: number): number => {
    work ??= timedWork(predict, { ...all, from, to: Math.min(to, from + TIMED_ROWS) });
    return work;
  };
  return {
    framework: 'python',
    facts: {},
    predict: (range) => predict({ ...all, ...range }),
    importance: (range) => {
      const increase = permutedLoss(request, range, workPerRow(range.from, range.to), predict);
      if (increase === null) return Array.from({ length: all.features }, () => ({ gain: 0 }));
      return Array.from(increase, (growth) => ({ gain: Math.max(0, growth), permutation: growth }));
    },
    explain: (range) =>
      sampledContributions(
        {
          workPerRow: workPerRow(range.from, range.to),
          outputs: classes?.length ?? 1,
          // The scores of chances are their log odds.
          score: (rows) => (task === 'regression' ? predict(rows) : predict(rows).map(logOdds)),
        },
        { ...all, ...range },
        { ...all, from: 0, to: train },
        seed,
      ),
    graph: () => graph,
  };
}

function timedWork(predict: (rows: MatrixRows) => Float64Array, rows: MatrixRows): number {
  const startedAt = performance.now();
  predict(rows);
  const perRow = ((performance.now() - startedAt) * WORK_PER_MS) / Math.max(1, rows.to - rows.from);
  return STEP ** Math.ceil(Math.log(Math.max(1, perRow)) / Math.log(STEP));
}
