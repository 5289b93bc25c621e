import { isCancellation, toFalajError } from '../../shared/errors.ts';
import { PRUNED_TAG } from '../../shared/run-search.ts';
import type { JobContext } from '../jobs/index.ts';
import type { RunFacts, RunHandle } from '../tracking/index.ts';

type Keeping = Pick<JobContext, 'keep'>;

/** Ends a run that came to its end; on a full disk as soon as there is room. */
export async function finishRun(context: Keeping, run: RunHandle, facts: RunFacts): Promise<void> {
  await keepWhenPossible(context, () => run.finish('finished', facts));
}

/** Ends a run that was stopped or failed, with the reason; on a full disk as soon as there is room. */
export async function endRun(
  context: Keeping,
  run: RunHandle,
  error: unknown,
  facts: RunFacts = {},
): Promise<void> {
  if (isCancellation(error)) {
    await keepWhenPossible(context, () => run.finish('killed', facts));
    return;
  }
  const { code, message } = toFalajError(error);
  await keepWhenPossible(context, () => run.finish('failed', { ...facts, reason: `${code}: ${message}` }));
}

/** Ends a trial that was given up since others do better. */
export async function pruneRun(context: Keeping, run: RunHandle): Promise<void> {
  await keepWhenPossible(context, () => {
    run.setTags({ [PRUNED_TAG]: 'true' });
    run.finish('killed');
  });
}

/** Does what must not be lost; on a full disk as soon as there is room, where the queue runs the work. */
export async function keepWhenPossible(context: Keeping, work: () => void): Promise<void> {
  if (context.keep === undefined) work();
  else await context.keep(work);
}
