import { parentPort, workerData } from 'node:worker_threads';
import { buffersOf, runSweep, type SweepMessage, type SweepTask } from './join/sweep-task.ts';

/** Thread that computes one view's features and ends. */
const port = parentPort;
if (port === null) throw new Error('This file runs as a worker thread.');

const result = runSweep(workerData as SweepTask, (progress) => {
  port.postMessage({ progress } satisfies SweepMessage);
});
port.postMessage({ result } satisfies SweepMessage, buffersOf(result));
