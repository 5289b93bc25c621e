import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunTrials } from '../../src/shared/contract/types.ts';
import { byChance, visitLines } from '../fixtures/visit-lines.ts';
import { Product, until } from './engine-support/product.ts';

const definition = (name: string): string =>
  [
    'kind: Training',
    `name: ${name}`,
    'entities: {dataset: visits}',
    'columns: [price, town]',
    'label: {column: bought}',
    'task: binary',
    'learner: {kind: gbdt, trees: 200, leaves: 31}',
    'tune: {trials: 8, pruner: none, space: {leaves: {logInt: [4, 64]}, learningRate: {logUniform: [0.02, 0.3]}}}',
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
    const ended = async (): Promise<number> =>
      (await client.runs.list({ experiment: 'cut', limit: 100 })).filter(
        ({ status, tags }) => status === 'finished' && tags['falaj.trial'] !== undefined,
      ).length;
    await until(async () => (await ended()) >= 2, 120_000);
    await product.killEngine(pid);

    const shown = await json<{ state: string }>('jobs', 'show', job);
    expect(shown.state).toBe('interrupted');
    const before = (
      await json<{ id: string; status: string; tags: Record<string, string> }[]>('runs', 'ls')
    ).filter(({ status, tags }) => status === 'finished' && tags['falaj.trial'] !== undefined);
    expect(before.length).toBeGreaterThanOrEqual(2);
    expect(before.length).toBeLessThan(8);

    const result = await json<{ tuning: { run: string; trials: number } }>('jobs', 'retry', job);
    expect(result.tuning.trials).toBe(8);
    const search = await json<RunTrials>('runs', 'trials', result.tuning.run);
    // The very runs of before, not others with the same settings.
    for (const { id } of before) expect(search.trials.map(({ run }) => run)).toContain(id);

    const whole = await json<{ tuning: { run: string } }>('train', 'whole', '--wait');
    expect(await trialsOf(result.tuning.run)).toEqual(await trialsOf(whole.tuning.run));
  }, 300_000);
});
