import { Worker } from 'node:worker_threads';
import { FalajError } from '../../shared/errors.ts';
import { entryPoint } from '../processes/index.ts';
import type { LearnMessage, LearnOutcome, LearnRequest } from './worker-messages.ts';

export interface LearnListener {
  onIteration(step: number, of: number, metrics: Readonly<Record<string, number>>): void;
  onStep(step: 'evaluate' | 'export'): void;
  onCheckpoint?(bytes: Uint8Array): void;
}

/** Learns on a thread of its own, so that the engine goes on answering. Aborting ends the thread at once. */
export function learnInWorker(
  request: LearnRequest,
  listener: LearnListener,
  signal: AbortSignal,
): Promise<LearnOutcome> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(new FalajError('CANCELLED', 'The training was stopped.'));
      return;
    }
    const worker = new Worker(entryPoint('training-worker'), { workerData: request });
    const stop = (): void => {
      reject(new FalajError('CANCELLED', 'The training was stopped.'));
      void worker.terminate();
    };
    signal.addEventListener('abort', stop, { once: true });
    worker.on('message', (message: LearnMessage) => {
      // Messages that were on their way when the work was stopped.
      if (signal.aborted) return;
      switch (message.kind) {
        case 'iteration':
          listener.onIteration(message.step, message.of, message.metrics);
          return;
        case 'checkpoint':
          listener.onCheckpoint?.(message.bytes);
          return;
        case 'step':
          listener.onStep(message.step);
          return;
        case 'done':
          resolve(message.outcome);
          return;
        case 'failed':
          reject(new FalajError(message.error.code, message.error.message, { hint: message.error.hint }));
      }
    });
    worker.on('error', (error: unknown) => reject(workerError(error)));
    worker.on('exit', (code) => {
      signal.removeEventListener('abort', stop);
      reject(new FalajError('CHILD_FAILED', `The training thread ended early (code ${code}).`));
    });
  });
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
