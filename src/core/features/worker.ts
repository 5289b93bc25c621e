import { parentPort, workerData } from 'node:worker_threads';
import { runSweep, type SweepMessage, type SweepTask } from './join/sweep-task.ts';

/** Thread that computes one view's features and ends. */
const port = parentPort;
if (port === null) throw new Error('This file runs as a worker thread.');

const say = (message: SweepMessage): void => port.postMessage(message);
say({ result: runSweep(workerData as SweepTask, (progress) => say({ progress })) });
