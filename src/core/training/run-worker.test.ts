import { readdirSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { randomNumbers } from '../../../test/fixtures/random-numbers.ts';
import { gbdtLearner } from '../../shared/definitions/training.ts';
import { FalajError } from '../../shared/errors.ts';
import { learnInWorker } from './run-worker.ts';
import type { LearnRequest } from './worker-messages.ts';

const ROWS = 60_000;
const NAMES = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];

function request(threads: number): LearnRequest {
  const random = randomNumbers(3);
  const matrix = new Float32Array(new SharedArrayBuffer(ROWS * NAMES.length * 4)).fill(0);
  for (let at = 0; at < matrix.length; at++) matrix[at] = random();
  const labels = new Float32Array(new SharedArrayBuffer(ROWS * 4));
  for (let row = 0; row < ROWS; row++)
    labels[row] = matrix[row]! + matrix[ROWS + row]! > 2 * random() ? 1 : 0;
  return {
    matrix,
    labels,
    rows: ROWS,
    train: 50_000,
    validation: 5000,
    test: 5000,
    featureNames: NAMES,
    categorical: NAMES.map(() => false),
    weights: null,
    classes: null,
    baseline: new Float64Array(new SharedArrayBuffer(5000 * 8)).fill(0.5),
    task: 'binary',
    learner: gbdtLearner.parse({ kind: 'gbdt', trees: 5000 }),
    seed: 1,
    threads,
  };
}

const threads = (): number => readdirSync('/proc/self/task').length;

const linux = process.platform === 'linux';
if (!linux)
  process.stderr.write('skipped: threads of a stopped training, because there is no /proc to count them\n');

describe.skipIf(!linux)('learnInWorker', () => {
  it('fails with what its listener throws, and goes on in no thread', async () => {
    const full = new FalajError('DISK_FULL', 'The disk is full.');
    let whileLearning = 0;
    const learning = learnInWorker(
      request(1),
      {
        onIteration: () => {
          whileLearning = threads();
          throw full;
        },
        onStep: () => undefined,
      },
      new AbortController().signal,
    );
    await expect(learning).rejects.toBe(full);
    await vi.waitFor(() => expect(threads()).toBeLessThan(whileLearning), 10_000);
  }, 60_000);

  it('ends all threads of a training that is stopped, those that help to grow trees too', async () => {
    const before = threads();
    const abort = new AbortController();
    let most = 0;
    let trees = 0;
    const learning = learnInWorker(
      request(4),
      {
        onIteration: () => {
          most = Math.max(most, threads());
          if (++trees === 20) abort.abort();
        },
        onStep: () => undefined,
      },
      abort.signal,
    );
    await expect(learning).rejects.toMatchObject({ code: 'CANCELLED' });
    // More than the one that learns; the process may have lost one of its own meanwhile.
    expect(most).toBeGreaterThan(before + 1);
    await vi.waitFor(() => expect(threads()).toBeLessThanOrEqual(before), 10_000);
  });
});
