import { Worker } from 'node:worker_threads';
import { FalajError } from '../../shared/errors.ts';
import { entryPoint } from '../processes/index.ts';
import { Bridge } from './outside/bridge.ts';
import type { OutsideLearner } from './outside/outside-learner.ts';
import type {
  LearnMessage,
  LearnOutcome,
  LearnRequest,
  ThreadStart,
  TrialFigures,
  TrialRequest,
} from './worker-messages.ts';

export interface LearnListener {
  onIteration(step: number, of: number, metrics: Readonly<Record<string, number>>): void;
  onStep(step: 'evaluate' | 'export'): void;
  onCheckpoint?(bytes: Uint8Array): void;
  /** Carries out a learner that runs in a process of its own. */
  readonly outside?: OutsideLearner | undefined;
}

/** Learns on a thread of its own, so that the engine goes on answering. Aborting ends the thread at once. */
export const learnInWorker = (
  request: LearnRequest,
  listener: LearnListener,
  signal: AbortSignal,
): Promise<LearnOutcome> =>
  inWorker(request, { signal, outside: listener.outside }, (message) => {
    switch (message.kind) {
      case 'iteration':
        listener.onIteration(message.step, message.of, message.metrics);
        return null;
      case 'checkpoint':
        listener.onCheckpoint?.(message.bytes);
        return null;
      case 'step':
        listener.onStep(message.step);
        return null;
      default:
        return message.kind === 'done' ? message.outcome : null;
    }
  });

export interface TrialListener {
  onIteration: LearnListener['onIteration'];
  /** Told of each set of the trial as soon as it is measured. */
  onMeasured(figures: TrialFigures): void;
  readonly outside?: OutsideLearner | undefined;
}

/** The same for a trial, of which only its figures are kept. */
export async function measureInWorker(
  request: TrialRequest,
  listener: TrialListener,
  signal: AbortSignal,
): Promise<void> {
  let left = request.trial.length;
  if (left === 0) return;
  await inWorker(request, { signal, outside: listener.outside }, (message) => {
    if (message.kind === 'iteration') listener.onIteration(message.step, message.of, message.metrics);
    if (message.kind !== 'measured') return null;
    listener.onMeasured({ metrics: message.metrics, costs: message.costs });
    return --left === 0 ? true : null;
  });
}

/** @param resultOf what a message brings; null for one on the way. */
function inWorker<Result>(
  request: LearnRequest | TrialRequest,
  { signal, outside }: { readonly signal: AbortSignal; readonly outside: OutsideLearner | undefined },
  resultOf: (message: Exclude<LearnMessage, { kind: 'failed' | 'outside' }>) => Result | null,
): Promise<Result> {
  const bridge = outside === undefined ? null : new Bridge(outside, signal);
  const start: ThreadStart = { asked: request, ...(bridge === null ? {} : { bridge: bridge.end }) };
  const ended = new Promise<Result>((resolve, reject) => {
    if (signal.aborted) {
      reject(new FalajError('CANCELLED', 'The training was stopped.'));
      return;
    }
    const worker = new Worker(entryPoint('training-worker'), {
      workerData: start,
      transferList: bridge === null ? [] : [bridge.end.port],
    });
    const stop = (): void => {
      reject(new FalajError('CANCELLED', 'The training was stopped.'));
      void worker.terminate();
    };
    signal.addEventListener('abort', stop, { once: true });
    const hear = (message: LearnMessage): void => {
      // Messages that were on their way when the work was stopped.
      if (signal.aborted) return;
      try {
        if (message.kind === 'failed')
          reject(new FalajError(message.error.code, message.error.message, { hint: message.error.hint }));
        else if (message.kind === 'outside')
          bridge?.answer(message.question, (step, of, metrics) =>
            hear({ kind: 'iteration', step, of, metrics }),
          );
        else {
          const result = resultOf(message);
          if (result !== null) resolve(result);
        }
      } catch (error) {
        // Whoever listens could not keep what was learned so far, as on a full disk: thrown from here it would end the engine.
        reject(error);
        void worker.terminate();
      }
    };
    worker.on('message', hear);
    worker.on('error', (error: unknown) => reject(workerError(error)));
    worker.on('exit', (code) => {
      signal.removeEventListener('abort', stop);
      reject(new FalajError('CHILD_FAILED', `The training thread ended early (code ${code}).`));
    });
  });
  return bridge === null ? ended : ended.finally(() => bridge.close());
}

function workerError(error: unknown): FalajError {
  const outOfMemory = error instanceof Error && 'code' in error && error.code === 'ERR_WORKER_OUT_OF_MEMORY';
  const message = error instanceof Error ? error.message : String(error);
  return outOfMemory
    ? new FalajError('OUT_OF_MEMORY', 'The training needed more memory than there is.', {
        hint: 'Train on fewer rows or features.',
        cause: error,
      })
    : new FalajError('CHILD_FAILED', `The training thread failed: ${message}`, { cause: error });
}
