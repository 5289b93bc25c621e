import { Worker } from 'node:worker_threads';
import type { FitTask, ThreadHost } from '../../numerics/gbdt/index.ts';
import { entryPoint } from '../processes/index.ts';

/** What a training thread is started with when it shall only help to grow trees. */
export interface HelpRequest {
  readonly help: FitTask;
}

/** Threads start within a few dozen milliseconds from a build, within a few hundred from sources. */
const PATIENCE_MS = 300;

/**
 * Threads that help the calling one to fit, `threads` with it. The caller blocks while it fits, so that nothing of theirs may
 * depend on its event loop: they read their task at the start and end by themselves.
 */
export const fitThreads = (threads: number): ThreadHost => ({
  helpers: threads - 1,
  start: (help) => {
    for (let helper = 1; helper < threads; helper++) {
      const worker = new Worker(entryPoint('training-worker'), {
        workerData: { help } satisfies HelpRequest,
      });
      // A helper that fails after it has joined tells the fit so in shared memory; one that never joins is not needed.
      worker.on('error', () => worker.unref());
      worker.unref();
    }
  },
  patienceMs: PATIENCE_MS,
  nowMicros: () => performance.now() * 1000,
});
