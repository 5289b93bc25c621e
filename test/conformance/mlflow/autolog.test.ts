import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installMlflow } from '../../bench/support/mlflow-peer.ts';
import type { Product } from '../../faults/engine-support/product.ts';
import { runScript } from '../python-tables/python.ts';
import { openTrackedProduct } from './tracked-product.ts';

const python = installMlflow();
if (typeof python === 'string')
  process.stderr.write(`\nSKIPPED: autologging of MLflow was not tried (${python})\n\n`);

interface Facts {
  readonly status: string;
  readonly params: Record<string, string>;
  readonly metrics: Record<string, number>;
  readonly artifacts: readonly string[];
  readonly models: readonly string[];
}

describe.skipIf(typeof python === 'string')('autologging of MLflow', () => {
  let product: Product;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    ({ product, environment } = await openTrackedProduct('Autolog'));
  }, 120_000);
  afterAll(() => product.close());

  it('keeps parameters, curves, searches and models of scikit-learn and LightGBM', async () => {
    const script = readFileSync(path.join(import.meta.dirname, 'autolog.py'), 'utf8');
    const { bin } = python as { bin: string };
    const { code, output } = await runScript([path.join(bin, 'python'), '-'], script, {
      cwd: product.root,
      env: environment,
    });
    expect([code, code === 0 ? '' : output]).toEqual([0, '']);
    const said = JSON.parse(output.slice(output.indexOf('{"sklearn"'))) as {
      sklearn: Facts;
      grid: Facts;
      children: number;
      lightgbm: Facts;
      history: number;
      difference: number;
    };
    for (const facts of [said.sklearn, said.grid, said.lightgbm]) expect(facts.status).toBe('FINISHED');
    expect(said.sklearn.params).toMatchObject({ C: '0.5', penalty: expect.any(String) });
    expect(said.sklearn.metrics['training_accuracy_score']).toBeGreaterThan(0.8);
    expect(said.sklearn.models).toHaveLength(1);
    expect(said.grid.params).toHaveProperty('best_C');
    expect(said.grid.artifacts).toContain('cv_results.csv');
    expect(said.children).toBe(2);
    expect(said.lightgbm.params).toMatchObject({ objective: 'binary', num_boost_round: '12' });
    expect(said.history).toBe(12);
    expect(said.difference).toBe(0);
  }, 300_000);
});
