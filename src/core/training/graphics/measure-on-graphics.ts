import { FalajError } from '../../../shared/errors.ts';
import { FIT_SECONDS } from '../../../shared/tuning-goal.ts';
import { measureInWorker, type TrialListener } from '../run-worker.ts';
import type { LearnRequest } from '../worker-messages.ts';
import { fitOnGraphics } from './fit-on-graphics.ts';
import type { GraphicsLost, GraphicsOptions, GraphicsRefused } from './in-graphics.ts';

/** Errors of the device that another network may not meet. */
const OF_THE_NETWORK = new Set(['OUT_OF_MEMORY', 'TOO_LARGE']);

/**
 * One set of a trial, learned on the GPU that its search has chosen and measured by the CPU.
 *
 * @throws OUT_OF_MEMORY where this network does not fit on the GPU, DEVICE_UNAVAILABLE where none would learn there any more.
 */
export async function measureOnGraphics(
  { set, costs }: { readonly set: LearnRequest; readonly costs: readonly string[] },
  { onIteration, onMeasured }: TrialListener,
  options: GraphicsOptions & { readonly signal: AbortSignal; readonly adapter: string },
): Promise<void> {
  const { signal, adapter } = options;
  const startedAt = performance.now();
  const outcome = await fitOnGraphics(set, { onIteration }, options);
  if (outcome.kind !== 'finished') throw failureOf(outcome, adapter);
  const fitSeconds = (performance.now() - startedAt) / 1000;
  await measureInWorker(
    { trial: [{ ...set, checkpoint: outcome.checkpoint }], costs },
    {
      // The epochs, which the checkpoint tells of again, have been told.
      onIteration: () => undefined,
      onMeasured: ({ metrics, costs: own }) =>
        onMeasured({ metrics, costs: { ...own, [FIT_SECONDS]: fitSeconds } }),
    },
    signal,
  );
}

function failureOf(outcome: GraphicsRefused | GraphicsLost, adapter: string): FalajError {
  if (outcome.kind === 'lost' && OF_THE_NETWORK.has(outcome.error.code)) {
    const { message, hint } = outcome.error;
    return new FalajError('OUT_OF_MEMORY', `${adapter}: ${message}`, { hint });
  }
  const reason = outcome.kind === 'lost' ? outcome.error.message : outcome.reason;
  return new FalajError('DEVICE_UNAVAILABLE', `This search learns on ${adapter}, which is lost. ${reason}`, {
    hint: 'Trials that have ended are kept: retry the job when the GPU is back. Training anew chooses the device again.',
  });
}
