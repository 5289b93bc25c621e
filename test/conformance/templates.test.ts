import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Product } from '../faults/engine-support/product.ts';
import { installPythonPackages } from './support/python-packages.ts';

const TEMPLATES = path.resolve(import.meta.dirname, '../../resources/templates');
/** PyTorch's wheels are gigabytes: they are fetched only where that is wanted. */
const isWanted = (name: string): boolean => name !== 'pytorch' || process.env['FALAJ_TEST_PYTORCH'] === '1';

/** Learners of a definition run in a training: python-learner has their tests. */
const isScript = (name: string): boolean => !name.startsWith('learner-');

const cases = readdirSync(TEMPLATES)
  .filter(isScript)
  .map((name) => {
    const requirements = readFileSync(path.join(TEMPLATES, name, 'requirements.txt'), 'utf8');
    const python = isWanted(name)
      ? installPythonPackages(`template-${name}`, requirements.split('\n').filter(Boolean))
      : 'FALAJ_TEST_PYTORCH=1 was not set';
    if (typeof python === 'string')
      process.stderr.write(`\nSKIPPED: the template ${name} was not run (${python})\n\n`);
    return { name, python };
  });

describe.skipIf(cases.every(({ python }) => typeof python === 'string'))('templates', () => {
  let product: Product;

  beforeAll(async () => {
    product = new Product();
    await product.succeed(['init', '--name', 'Templates', '--quiet']);
  }, 60_000);
  afterAll(() => product.close());

  it.each(cases)(
    'run as they are, tracked: $name',
    async ({ name, python }) => {
      if (typeof python === 'string') return;
      await product.succeed(['templates', 'use', name]);
      const script = path.join(product.root, name, 'train.py');
      const { code, out, err } = await product.run([
        'run',
        '--json',
        '--',
        path.join(python.bin, 'python'),
        script,
      ]);
      expect([code, code === 0 ? '' : err]).toEqual([0, '']);
      const { run } = JSON.parse(out) as { run: string };
      const kept = JSON.parse(await product.succeed(['runs', 'show', run, '--json'])) as {
        status: string;
        metrics: Record<string, number>;
        params: Record<string, string>;
        artifacts: { path: string }[];
      };
      expect(kept.status).toBe('finished');
      expect(kept.metrics['auc'] ?? kept.metrics['accuracy']).toBeGreaterThan(0.6);
      expect(kept.params).toMatchObject({ seed: '7' });
      expect(kept.artifacts.map((one) => one.path)).toContain('falaj/packages.txt');
    },
    300_000,
  );
});
