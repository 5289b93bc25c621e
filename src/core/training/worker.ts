import { parentPort, workerData } from 'node:worker_threads';
import { toFalajError } from '../../shared/errors.ts';
import type { OnIteration } from './fitted-model.ts';
import { learn } from './learn.ts';
import { fitTrial } from './tuning/fit-trial.ts';
import type { LearnMessage, LearnRequest, TrialRequest } from './worker-messages.ts';

/** The thread that learns one model: it reads shared memory and answers with messages, and touches no file. */
const send = (message: LearnMessage, transfer: ArrayBuffer[] = []): void =>
  parentPort?.postMessage(message, transfer);

tellEnd(workerData as LearnRequest | TrialRequest);

function tellEnd(asked: LearnRequest | TrialRequest): void {
  const onIteration: OnIteration = (step, of, metrics) => send({ kind: 'iteration', step, of, metrics });
  try {
    if ('trial' in asked) {
      for (const set of asked.trial) send({ kind: 'measured', ...fitTrial(set, asked.costs, onIteration) });
      return;
    }
    const outcome = learn(asked, {
      onIteration,
      onStep: (step) => send({ kind: 'step', step }),
      onCheckpoint: (bytes) => send({ kind: 'checkpoint', bytes }),
    });
    send({ kind: 'done', outcome });
  } catch (error) {
    const { code, message, hint } = toFalajError(error);
    send({ kind: 'failed', error: { code, message, hint } });
  }
}
