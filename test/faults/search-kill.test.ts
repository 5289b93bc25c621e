import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Run, RunTrials } from '../../src/shared/contract/types.ts';
import { byChance, visitLines } from '../fixtures/visit-lines.ts';
import { Product, until } from './engine-support/product.ts';

const FOLDS = 4;

const definition = (name: string): string =>
  [
    'kind: Training',
    `name: ${name}`,
    'entities: {dataset: visits}',
    'columns: [price, town]',
    'label: {column: bought}',
    'task: binary',
    'learner: {kind: gbdt, trees: 100, leaves: 31}',
    `tune: {trials: 6, folds: ${FOLDS}, pruner: none, space: {leaves: {logInt: [4, 64]}, learningRate: {logUniform: [0.02, 0.3]}}}`,
    `register: {model: ${name}}`,
    '',
  ].join('\n');

let product: Product;
beforeAll(async () => {
  product = new Product();
  writeFileSync(path.join(product.root, 'visits.csv'), visitLines(20_000, byChance));
  writeFileSync(path.join(product.root, 'falaj.yaml'), `${definition('cut')}---\n${definition('whole')}`);
  await product.succeed(['init', '--name', 'Tests', '--quiet']);
  await product.succeed([
    'data',
    'import',
    'visits.csv',
    '--name',
    'visits',
    '--event-time',
    'at',
    '--quiet',
  ]);
  await product.succeed(['apply', '-f', 'falaj.yaml']);
}, 120_000);
afterAll(() => product.close());

/** What a trial measured on each fold so far. */
const foldsOf = ({ tags }: Run): unknown[] => JSON.parse(tags['falaj.folds'] ?? '[]') as unknown[];

const json = async <Answer>(...args: string[]): Promise<Answer> =>
  JSON.parse(await product.succeed([...args, '--json'])) as Answer;

/** What was tried, in the order in which it was, and what came of it. */
const trialsOf = async (run: string) =>
  (await json<RunTrials>('runs', 'trials', run)).trials
    .toSorted((a, b) => a.number - b.number)
    .map(({ settings, value }) => ({ settings, value }));

describe('a search whose engine is killed', () => {
  it('goes on after the trials that ended, and finds what it would have found', async () => {
    const { client, pid } = await product.openEngine();
    const { job } = await client.training.start({ name: 'cut' });
    const trials = async (): Promise<Run[]> =>
      (await client.runs.list({ experiment: 'cut', limit: 100 })).filter(
        ({ tags }) => tags['falaj.trial'] !== undefined,
      );
    await until(async () => {
      const begun = await trials();
      const isHalf = (run: Run): boolean => run.status === 'running' && [1, 2].includes(foldsOf(run).length);
      return begun.filter(({ status }) => status === 'finished').length >= 2 && begun.some(isHalf);
    }, 120_000);
    await product.killEngine(pid);

    const shown = await json<{ state: string }>('jobs', 'show', job);
    expect(shown.state).toBe('interrupted');
    const left = (await json<Run[]>('runs', 'ls', '--trials')).filter(
      ({ tags }) => tags['falaj.trial'] !== undefined,
    );
    const before = left.filter(({ status }) => status === 'finished');
    expect(before.length).toBeGreaterThanOrEqual(2);
    expect(before.length).toBeLessThan(6);
    const halves = left.filter((run) => run.status !== 'finished' && foldsOf(run).length > 0);
    expect(halves.length).toBeGreaterThan(0);

    const result = await json<{ tuning: { run: string; trials: number } }>('jobs', 'retry', job);
    expect(result.tuning.trials).toBe(6);
    const search = await json<RunTrials>('runs', 'trials', result.tuning.run);
    // The very runs of before, not others with the same settings.
    for (const { id } of before) expect(search.trials.map(({ run }) => run)).toContain(id);

    // Of the others the folds that they had behind them, down to the time that those took.
    for (const half of halves) {
      const number = Number(half.tags['falaj.trial']);
      const { run: id } = search.trials.find((trial) => trial.number === number)!;
      const again = await json<Run>('runs', 'show', id);
      expect(foldsOf(again)).toHaveLength(FOLDS);
      expect(foldsOf(again).slice(0, foldsOf(half).length)).toEqual(foldsOf(half));
    }

    const whole = await json<{ tuning: { run: string } }>('train', 'whole', '--wait');
    expect(await trialsOf(result.tuning.run)).toEqual(await trialsOf(whole.tuning.run));
  }, 300_000);
});
