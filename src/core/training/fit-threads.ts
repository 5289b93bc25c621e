import { Worker } from 'node:worker_threads';
import type { FitTask } from '../../numerics/gbdt/index.ts';
import type { NetworkTask } from '../../numerics/network/index.ts';
import type { ThreadHost } from '../../numerics/threads/index.ts';
import { entryPoint } from '../processes/index.ts';

/** What a training thread is started with when it shall only help another. */
export type HelpRequest = { readonly help: FitTask } | { readonly helpNetwork: NetworkTask };

/** A helper makes hardly any objects: what it works on is shared memory. V8 would give it room for many. */
const HELPER_LIMITS = { maxYoungGenerationSizeMb: 2 };

/** Threads start within a few dozen milliseconds from a build, within a few hundred from sources. */
const PATIENCE_MS = 300;

/**
 * Threads that help the calling one to fit, `threads` with it. The caller blocks while it fits, so that nothing of theirs may
 * depend on its event loop: they read their task at the start and end by themselves.
 */
const threadsFor = <Task>(threads: number, requestOf: (task: Task) => HelpRequest): ThreadHost<Task> => ({
  helpers: threads - 1,
  start: (task) => {
    for (let helper = 1; helper < threads; helper++) {
      const worker = new Worker(entryPoint('training-helper'), {
        workerData: requestOf(task),
        resourceLimits: HELPER_LIMITS,
      });
      // A helper that fails after it has joined tells the fit so in shared memory; one that never joins is not needed.
      worker.on('error', () => worker.unref());
      worker.unref();
    }
  },
  patienceMs: PATIENCE_MS,
  nowMicros: () => performance.now() * 1000,
});

/** Threads to grow trees with. */
export const fitThreads = (threads: number): ThreadHost<FitTask> => threadsFor(threads, (help) => ({ help }));

/** Threads to compute a network with. */
export const networkThreads = (threads: number): ThreadHost<NetworkTask> =>
  threadsFor(threads, (helpNetwork) => ({ helpNetwork }));
