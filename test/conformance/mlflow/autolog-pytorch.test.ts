import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MLFLOW_VERSION } from '../../bench/support/mlflow-peer.ts';
import type { Product } from '../../faults/engine-support/product.ts';
import { runScript } from '../python-tables/python.ts';
import { installPythonPackages } from '../support/python-packages.ts';
import { openTrackedProduct } from './tracked-product.ts';

/** PyTorch's wheels are gigabytes: they are fetched only where that is wanted. */
const python =
  process.env['FALAJ_TEST_PYTORCH'] === '1'
    ? installPythonPackages(`mlflow-${MLFLOW_VERSION}-lightning`, [
        `mlflow==${MLFLOW_VERSION}`,
        'torch==2.8.0',
        'numpy==2.3.3',
        'lightning==2.6.6',
      ])
    : 'FALAJ_TEST_PYTORCH=1 was not set';
if (typeof python === 'string')
  process.stderr.write(`\nSKIPPED: autologging of PyTorch Lightning was not tried (${python})\n\n`);

const EPOCHS = [0, 1, 2];

describe.skipIf(typeof python === 'string')('autologging of PyTorch Lightning', () => {
  let product: Product;
  let environment: NodeJS.ProcessEnv;

  beforeAll(async () => {
    ({ product, environment } = await openTrackedProduct('Lightning'));
  }, 120_000);
  afterAll(() => product.close());

  it('keeps parameters, a point of each epoch, checkpoints and the model, which come back as they were', async () => {
    const script = readFileSync(path.join(import.meta.dirname, 'autolog_pytorch.py'), 'utf8');
    const { bin } = python as { bin: string };
    const { code, output } = await runScript([path.join(bin, 'python'), '-'], script, {
      cwd: product.root,
      env: environment,
    });
    expect([code, code === 0 ? '' : output]).toEqual([0, '']);
    const said = JSON.parse(output.slice(output.indexOf('{"status"'))) as {
      status: string;
      params: Record<string, string>;
      metrics: Record<string, number>;
      steps: Record<string, number[]>;
      artifacts: string[];
      models: string[];
      flavours: string[];
    };
    expect(said.status).toBe('FINISHED');
    expect(said.params).toMatchObject({ optimizer_name: 'Adam', lr: '0.05', epochs: '3' });
    expect(said.steps).toMatchObject({ train_loss: EPOCHS, val_loss: EPOCHS });
    expect(said.metrics['test_loss']).toBeLessThan(0.6);
    expect(said.artifacts).toEqual([
      ...EPOCHS.flatMap((epoch) => [
        `checkpoints/epoch_${epoch}/checkpoint.pth`,
        `checkpoints/epoch_${epoch}/checkpoint_metrics.json`,
      ]),
      'model_summary.txt',
    ]);
    expect(said.models).toHaveLength(1);
    expect(said.flavours).toEqual(['python_function', 'pytorch']);
    expect(said).toMatchObject({ restored: true, difference: 0, pyfunc: 0 });
  }, 300_000);
});
