import { parentPort, workerData } from 'node:worker_threads';
import { helpFit } from '../../numerics/gbdt/index.ts';
import { helpNetwork } from '../../numerics/network/index.ts';
import { toFalajError } from '../../shared/errors.ts';
import type { HelpRequest } from './fit-threads.ts';
import type { OnIteration } from './fitted-model.ts';
import { learn } from './learn.ts';
import { fitTrial } from './tuning/fit-trial.ts';
import type { LearnMessage, LearnRequest, TrialRequest } from './worker-messages.ts';

/**
 * The thread that learns one model, or helps another such thread: it reads shared memory and answers with messages, and
 * touches no file.
 */
const send = (message: LearnMessage, transfer: ArrayBuffer[] = []): void =>
  parentPort?.postMessage(message, transfer);

const request = workerData as LearnRequest | TrialRequest | HelpRequest;
const nowMicros = (): number => performance.now() * 1000;
if ('help' in request) helpFit(request.help, nowMicros);
else if ('helpNetwork' in request) helpNetwork(request.helpNetwork, nowMicros);
else tellEnd(request);

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
