import type { Learner } from '../../../shared/definitions/training.ts';
import { FOLDS_TAG } from '../../../shared/run-search.ts';
import { prefixedName } from '../../../shared/tuning-goal.ts';
import type { RunHandle } from '../../tracking/index.ts';
import { prefixed } from '../evaluate.ts';
import type { TrialFigures } from '../worker-messages.ts';
import { meanFigures } from './fold-figures.ts';
import { figureNamed, lossOf } from './trial.ts';
import type { TrialAsked } from './trial-asked.ts';
import type { TuneRequest } from './tune-request.ts';

export interface Judging {
  readonly learner: Learner;
  readonly run: RunHandle;
  readonly signal: AbortSignal;
  /** A loss at a step, by which the trial may be given up: then the signal is aborted. */
  readonly report: (step: number, loss: number) => void;
}

/** What a trial measured, as a mean where it was judged by folds. */
export interface Judged extends TrialFigures {
  /** Each fold; none where it was judged by the validation part. */
  readonly folds: readonly TrialFigures[];
}

/** Judges by the validation part, and gives up by what the learner tells after each iteration. */
export async function judgeOnce(
  { learn, outside, fitter }: TuneRequest,
  { device, threads, costs, onProgress }: TrialAsked,
  { learner, run, signal, report }: Judging,
): Promise<Judged> {
  const measured: TrialFigures[] = [];
  await fitter.measure(
    device,
    { trial: [{ ...learn, threads, learner }], costs },
    {
      onIteration: (step, of, values) => {
        for (const [name, value] of Object.entries(values))
          if (Number.isFinite(value)) run.logMetric(name, step, value);
        const loss = values['validationLoss'];
        if (loss === undefined) return;
        onProgress(step / of);
        report(step, loss);
      },
      onMeasured: (figures) => measured.push(figures),
      outside,
    },
    signal,
  );
  return { ...measured[0]!, folds: [] };
}

/**
 * Judges by the mean over the folds, and gives up by the mean so far. Each fold is kept as soon as it has ended, so that a trial
 * that was cut off goes on with those that are missing.
 */
export async function judgeByFolds(
  { folds, outside, fitter }: TuneRequest,
  { device, threads, goals, costs, earlierFolds, onProgress }: TrialAsked,
  { learner, run, signal, report }: Judging,
): Promise<Judged> {
  const [goal] = goals;
  const ended: TrialFigures[] = [];
  const end = (fold: TrialFigures): void => {
    ended.push(fold);
    const step = ended.length;
    run.setTags({ [FOLDS_TAG]: JSON.stringify(ended) });
    for (const [name, value] of Object.entries(prefixed('fold', fold.metrics)))
      run.logMetric(name, step, value);
    onProgress(step / folds.length);
    const soFar = figureNamed(meanFigures(ended), goal.metric);
    if (soFar === undefined) return;
    run.logMetric(prefixedName('foldMean', goal.metric), step, soFar);
    report(step, lossOf(goal, soFar));
  };
  for (const fold of earlierFolds) end(fold);
  signal.throwIfAborted();
  await fitter.measure(
    device,
    { trial: folds.slice(ended.length).map((fold) => ({ ...fold, threads, learner })), costs },
    {
      onIteration: (step, of) => onProgress((ended.length + step / of) / folds.length),
      onMeasured: end,
      outside,
    },
    signal,
  );
  return { ...meanFigures(ended), folds: ended };
}
