import { parentPort, workerData } from 'node:worker_threads';
import { toFalajError } from '../../shared/errors.ts';
import type { OnIteration } from './fitted-model.ts';
import { learn } from './learn.ts';
import { blockingLearner } from './outside/bridge.ts';
import { fitTrial } from './tuning/fit-trial.ts';
import type { LearnMessage, ThreadStart } from './worker-messages.ts';

/** The thread that learns one model: it reads shared memory and answers with messages, and touches no file. */
const send = (message: LearnMessage, transfer: ArrayBuffer[] = []): void =>
  parentPort?.postMessage(message, transfer);

tellEnd(workerData as ThreadStart);

function tellEnd({ asked, bridge }: ThreadStart): void {
  const outside =
    bridge === undefined ? null : blockingLearner(bridge, (question) => send({ kind: 'outside', question }));
  const onIteration: OnIteration = (step, of, metrics) => send({ kind: 'iteration', step, of, metrics });
  try {
    if ('trial' in asked) {
      for (const set of asked.trial)
        send({ kind: 'measured', ...fitTrial(set, asked.costs, onIteration, outside) });
      return;
    }
    const outcome = learn(asked, {
      onIteration,
      onStep: (step) => send({ kind: 'step', step }),
      onCheckpoint: (bytes) => send({ kind: 'checkpoint', bytes }),
      outside,
    });
    send({ kind: 'done', outcome });
  } catch (error) {
    const { code, message, hint } = toFalajError(error);
    send({ kind: 'failed', error: { code, message, hint } });
  }
}
