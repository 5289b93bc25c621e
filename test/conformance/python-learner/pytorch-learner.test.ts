import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Product } from '../../faults/engine-support/product.ts';
import { byChance, visitLines } from '../../fixtures/visit-lines.ts';
import { installPythonPackages } from '../support/python-packages.ts';

const TEMPLATE = path.resolve(import.meta.dirname, '../../../resources/templates/learner-pytorch');
const requirements = readFileSync(path.join(TEMPLATE, 'requirements.txt'), 'utf8')
  .split('\n')
  .filter(Boolean);
/** PyTorch's wheels are gigabytes: they are fetched only where that is wanted. */
const python =
  process.env['FALAJ_TEST_PYTORCH'] === '1'
    ? installPythonPackages('learner-pytorch', requirements)
    : 'FALAJ_TEST_PYTORCH=1 was not set';
if (typeof python === 'string')
  process.stderr.write(`\nSKIPPED: no learner with PyTorch was run (${python})\n\n`);

interface Trained {
  readonly run: string;
  readonly model: { readonly name: string; readonly version: number } | null;
  readonly metrics: Record<string, number>;
  readonly differences?: readonly unknown[];
}

describe.skipIf(typeof python === 'string')('the template of a learner with PyTorch', () => {
  let product: Product;

  beforeAll(async () => {
    if (typeof python === 'string') return;
    product = new Product();
    // As in a shell in which an environment of Python is active.
    product.environment['PATH'] = `${python.bin}${path.delimiter}${process.env['PATH']}`;
    await product.succeed(['init', '--name', 'PyTorch', '--quiet']);
    await product.succeed(['templates', 'use', 'learner-pytorch', path.join(product.root, 'project')]);
    const file = path.join(product.root, 'visits.csv');
    writeFileSync(file, visitLines(3000, byChance));
    await product.succeed(['data', 'import', file, '--name', 'visits', '--event-time', 'at']);
  }, 120_000);
  afterAll(() => product?.close());

  const train = async (name: string, changes: object): Promise<Trained> => {
    const file = path.join(product.root, 'project', `${name}.yaml`);
    const training = {
      kind: 'Training',
      name,
      entities: { dataset: 'visits', eventTime: 'at' },
      columns: ['price', 'town'],
      // Missing in one row of seven.
      expressions: [
        { name: 'hour', expression: 'CASE WHEN price::int % 7 = 0 THEN NULL ELSE hour("at") END' },
      ],
      label: { column: 'bought' },
      task: 'binary',
      learner: {
        kind: 'python',
        script: 'train.py',
        gpus: 0,
        parameters: { epochs: 12, batch_rows: 128, hidden: [16], learning_rate: 0.01 },
      },
      register: { model: name },
      ...changes,
    };
    writeFileSync(file, JSON.stringify(training));
    return JSON.parse(await product.succeed(['train', '-f', file, '--wait', '--json'])) as Trained;
  };

  it('learns chances, which the registered model gives for raw columns, and the same again', async () => {
    const { run, model, metrics } = await train('buyers', {});
    expect(model).toEqual({ name: 'buyers', version: 1 });
    expect(metrics['auc']).toBeGreaterThan(0.7);
    expect(metrics['onnxDifference']).toBeLessThan(1e-5);
    const history = await product.succeed(['runs', 'show', run, '--json']);
    expect(JSON.parse(history)).toMatchObject({ metrics: { validationLoss: expect.any(Number) } });
    const again = JSON.parse(await product.succeed(['runs', 'rerun', run, '--json'])) as Trained;
    expect(again.differences).toEqual([]);
  }, 240_000);

  it('learns classes and numbers', async () => {
    const price = "CASE WHEN price < 40 THEN 'cheap' WHEN price < 70 THEN 'fair' ELSE 'dear' END";
    const classes = await train('kinds', {
      task: 'multiclass',
      label: { column: 'worth', expression: price },
    });
    expect(classes.metrics['accuracy']).toBeGreaterThan(0.85);
    const numbers = await train('prices', {
      task: 'regression',
      label: { column: 'wanted', expression: 'price * 1000 + 5' },
    });
    expect(numbers.metrics['r2']).toBeGreaterThan(0.95);
  }, 240_000);

  it('has its settings searched', async () => {
    const { model } = await train('searched', {
      tune: { trials: 2, space: { learning_rate: { logUniform: [0.001, 0.03] } } },
    });
    expect(model).toEqual({ name: 'searched', version: 1 });
  }, 240_000);
});
