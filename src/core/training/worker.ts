import { parentPort, workerData } from 'node:worker_threads';
import { toFalajError } from '../../shared/errors.ts';
import { learn } from './learn.ts';
import type { LearnMessage, LearnRequest } from './worker-messages.ts';

/** The thread that learns one model: it reads shared memory and answers with messages, and touches no file. */
const send = (message: LearnMessage, transfer: ArrayBuffer[] = []): void =>
  parentPort?.postMessage(message, transfer);

try {
  const outcome = learn(workerData as LearnRequest, {
    onIteration: (step, of, metrics) => send({ kind: 'iteration', step, of, metrics }),
    onStep: (step) => send({ kind: 'step', step }),
  });
  send({ kind: 'done', outcome });
} catch (error) {
  const { code, message, hint } = toFalajError(error);
  send({ kind: 'failed', error: { code, message, hint } });
}
