import { Worker } from 'node:worker_threads';
import { FalajError } from '../../../shared/errors.ts';
import { entryPoint } from '../../processes/index.ts';
import { runSweep, type SweepMessage, type SweepResult, type SweepTask } from './sweep-task.ts';

/** Below this many rows a thread costs more than it spares. */
const INLINE_ROWS = 20_000;

/** Computes a view's features away from the engine's own thread; cancelling ends the thread. */
export function sweepInWorker(
  task: SweepTask,
  options: { readonly signal?: AbortSignal | undefined; readonly onProgress: (fraction: number) => void },
): Promise<SweepResult> {
  options.signal?.throwIfAborted();
  if (task.history.key.length + task.spine.key.length < INLINE_ROWS) {
    return Promise.resolve(runSweep(task, options.onProgress));
  }
  return new Promise((resolve, reject) => {
    const worker = new Worker(entryPoint('feature-worker'), { workerData: task });
    const stop = (): void => void worker.terminate();
    options.signal?.addEventListener('abort', stop, { once: true });
    worker.on('message', (message: SweepMessage) => {
      if ('progress' in message) options.onProgress(message.progress);
      else resolve(message.result);
    });
    worker.once('error', reject);
    worker.once('exit', () => {
      options.signal?.removeEventListener('abort', stop);
      reject(
        options.signal?.aborted === true
          ? new FalajError('CANCELLED', 'The computation of the features was stopped.')
          : new FalajError('CHILD_FAILED', 'The thread that computes features ended without a result.'),
      );
    });
  });
}
