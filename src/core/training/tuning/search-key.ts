import { createHash } from 'node:crypto';
import type { TuneRequest } from './tune-request.ts';

/**
 * What a trial belongs to: a search of the same rows that would try and judge the same settings in the same way. How many trials
 * there are, how long they may take and what becomes of the best changes nothing of a single one.
 */
export function searchKey({ definition, inputs, learn }: TuneRequest): string {
  const { tune, register: _register, evaluate: _evaluate, calibrate: _calibrate, ...training } = definition;
  const { trials: _trials, timeLimit: _timeLimit, choose: _choose, ...search } = tune;
  const { rows, train, validation } = learn;
  return createHash('sha256')
    .update(JSON.stringify([training, search, inputs.contentHash, rows, train, validation]))
    .digest('hex');
}
