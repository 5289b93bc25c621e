import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Product } from '../../faults/engine-support/product.ts';
import { byChance, visitLines } from '../../fixtures/visit-lines.ts';
import { installPythonPackages } from '../support/python-packages.ts';

const TEMPLATES = path.resolve(import.meta.dirname, '../../../resources/templates');
const MEMORY = '/dev/shm';
const packages = new Set(
  ['learner-scikit-learn', 'learner-lightgbm'].flatMap((name) =>
    readFileSync(path.join(TEMPLATES, name, 'requirements.txt'), 'utf8')
      .split('\n')
      .filter(Boolean),
  ),
);
const python = installPythonPackages('python-learner', [...packages]);
if (typeof python === 'string')
  process.stderr.write(`\nSKIPPED: no learner in Python was run (${python})\n\n`);

interface Trained {
  readonly run: string;
  readonly model: { readonly name: string; readonly version: number } | null;
  readonly metrics: Record<string, number>;
  readonly tuning?: { readonly trials: number; readonly best: Record<string, number> };
}

describe.skipIf(typeof python === 'string')('a learner in Python', () => {
  let product: Product;

  const definition = (learner: object, more: object = {}): object => ({
    kind: 'Training',
    name: 'buy',
    entities: { dataset: 'visits', eventTime: 'at' },
    columns: ['price', 'town'],
    expressions: [{ name: 'hour', expression: 'hour("at")' }],
    label: { column: 'bought' },
    task: 'binary',
    learner,
    ...more,
  });
  /** A project folder with the template's script. */
  const project = (template: string, name: string, training: object): string => {
    const folder = path.join(product.root, name);
    mkdirSync(folder, { recursive: true });
    const script = readFileSync(path.join(TEMPLATES, template, 'train.py'), 'utf8');
    writeFileSync(path.join(folder, 'train.py'), script);
    writeFileSync(path.join(folder, 'training.yaml'), JSON.stringify(training));
    return path.join(folder, 'training.yaml');
  };
  const train = async (file: string): Promise<Trained> =>
    JSON.parse(await product.succeed(['train', '-f', file, '--wait', '--json']));

  beforeAll(async () => {
    if (typeof python === 'string') return;
    product = new Product();
    // As in a shell in which an environment of Python is active.
    product.environment['PATH'] = `${python.bin}${path.delimiter}${process.env['PATH']}`;
    await product.succeed(['init', '--name', 'Python', '--quiet']);
    const file = path.join(product.root, 'visits.csv');
    writeFileSync(file, visitLines(3000, byChance));
    await product.succeed(['data', 'import', file, '--name', 'visits', '--event-time', 'at']);
  }, 120_000);
  afterAll(() => product?.close());

  it.each(['scikit-learn', 'lightgbm'])(
    'learns with %s, and its model is one of the raw columns like any other',
    async (library) => {
      const file = project(
        `learner-${library}`,
        library,
        definition(
          { kind: 'python', script: 'train.py', parameters: { n_estimators: 60 } },
          { name: `buy-${library}`, calibrate: 'platt', register: { model: `buyers-${library}` } },
        ),
      );
      const { run, model, metrics } = await train(file);
      expect(model).toEqual({ name: `buyers-${library}`, version: 1 });
      expect(metrics['auc']).toBeGreaterThan(0.7);
      expect(metrics['onnxDifference']).toBeLessThan(1e-5);
      const kept = JSON.parse(await product.succeed(['runs', 'show', run, '--json'])) as {
        params: Record<string, string>;
        artifacts: { path: string }[];
      };
      expect(kept.params).toMatchObject({ learner: 'python', script: 'train.py', n_estimators: '60' });
      expect(kept.artifacts.map((one) => one.path)).toEqual(
        expect.arrayContaining([
          'code/train.py',
          'falaj/packages.txt',
          'falaj/training.json',
          'model/model.onnx',
        ]),
      );
      const rows = path.join(product.root, 'visits.csv');
      const explained = await product.succeed([
        ...['models', 'explain', `buyers-${library}:1`, '--in', rows, '--rows', '1', '--json'],
      ]);
      expect(JSON.parse(explained)).toMatchObject({ unit: 'log-odds' });
      const out = path.join(product.root, `${library}.csv`);
      await product.succeed(['predict', `buyers-${library}:1`, '--in', rows, '--out', out]);
      expect(readFileSync(out, 'utf8').split('\n')[0]).toContain('probability');
      expect(readdirSync(MEMORY).filter((name) => name.startsWith('falaj-learner-'))).toEqual([]);
    },
    300_000,
  );

  it('searches a script’s parameters, and repeats a run with the code of then', async () => {
    const training = definition(
      { kind: 'python', script: 'train.py', parameters: { num_leaves: 31, n_estimators: 30 } },
      { name: 'searched', tune: { trials: 3, parallel: 2, space: { num_leaves: { int: [4, 32] } } } },
    );
    const file = project('learner-lightgbm', 'searched', training);
    const { run, tuning, metrics } = await train(file);
    expect(tuning).toMatchObject({ trials: 3, best: { num_leaves: expect.any(Number) } });
    writeFileSync(path.join(product.root, 'searched', 'train.py'), 'raise SystemExit("changed since")\n');
    await product.succeed(['apply', '-f', file]);
    const again = JSON.parse(await product.succeed(['runs', 'rerun', run, '--json'])) as Trained & {
      differences: unknown[];
    };
    expect(again.differences).toEqual([]);
    expect(again.metrics['auc']).toBe(metrics['auc']);
  }, 300_000);
});
