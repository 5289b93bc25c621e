import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listProcesses } from '../../src/core/processes/index.ts';
import { Product, until } from '../faults/engine-support/product.ts';
import { installPythonPackages } from './support/python-packages.ts';

/** PyTorch's wheels are gigabytes: they are fetched only where that is wanted. */
const python =
  process.env['FALAJ_TEST_PYTORCH'] === '1'
    ? installPythonPackages(
        'template-pytorch',
        readFileSync(
          path.resolve(import.meta.dirname, '../../resources/templates/pytorch/requirements.txt'),
          'utf8',
        )
          .split('\n')
          .filter(Boolean),
      )
    : 'FALAJ_TEST_PYTORCH=1 was not set';
if (typeof python === 'string')
  process.stderr.write(`\nSKIPPED: the PyTorch template was not stopped and resumed (${python})\n\n`);

interface KeptRun {
  readonly id: string;
  readonly status: string;
  readonly metrics: Record<string, number>;
}

describe.skipIf(typeof python === 'string')('the PyTorch template', () => {
  const bin = typeof python === 'string' ? '' : python.bin;
  let product: Product;
  let script: string;

  beforeAll(async () => {
    product = new Product();
    await product.succeed(['init', '--name', 'PyTorch', '--quiet']);
    await product.succeed(['templates', 'use', 'pytorch']);
    script = path.join(product.root, 'pytorch', 'train.py');
  }, 60_000);
  afterAll(() => product.close());

  const runOf = async (id: string): Promise<KeptRun> =>
    JSON.parse(await product.succeed(['runs', 'show', id, '--json'])) as KeptRun;
  const epochs = (checkpoint: string): string[] => [
    path.join(bin, 'python'),
    script,
    '--epochs=5',
    '--checkpoint-seconds=0',
    `--checkpoint=${path.join(product.root, checkpoint)}`,
  ];

  it('killed in the middle and run again ends where it would have', async () => {
    const whole = JSON.parse(await product.succeed(['run', '--json', '--', ...epochs('whole.pt')])) as {
      run: string;
    };
    const { child } = product.start(['run', '--', ...epochs('cut.pt')]);
    let said = '';
    child.stdout!.on('data', (text: string) => (said += text));
    await until(() => said.includes('epoch 2:'), 90_000);
    // Not the command that follows it, whose arguments are the same.
    const trainer = listProcesses().find(({ pid }) => {
      const arguments_ = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      return arguments_.startsWith(path.join(bin, 'python')) && arguments_.includes('cut.pt');
    });
    process.kill(trainer!.pid, 'SIGKILL');
    await new Promise((resolve) => child.once('close', resolve));
    expect(said).not.toContain('epoch 5:');
    const [cut] = JSON.parse(await product.succeed(['runs', 'ls', '--limit', '1', '--json'])) as KeptRun[];
    expect(cut!.status).toBe('failed');

    const again = await product.run(['runs', 'rerun', cut!.id, '--json']);
    const { run } = JSON.parse(again.out) as { run: string };
    const [resumed, uninterrupted] = [await runOf(run), await runOf(whole.run)];
    expect(resumed.status).toBe('finished');
    for (const metric of ['loss', 'accuracy'])
      expect(Math.abs(resumed.metrics[metric]! - uninterrupted.metrics[metric]!)).toBeLessThan(1e-6);
  }, 240_000);

  it('learns in two processes with torchrun', async () => {
    const { code, out, err } = await product.run([
      'run',
      '--json',
      '--cpus=1',
      '--',
      path.join(bin, 'torchrun'),
      '--standalone',
      '--nproc-per-node=2',
      script,
      '--epochs=2',
      `--checkpoint=${path.join(product.root, 'two.pt')}`,
    ]);
    expect([code, code === 0 ? '' : err]).toEqual([0, '']);
    const run = await runOf((JSON.parse(out) as { run: string }).run);
    expect(run.metrics['accuracy']).toBeGreaterThan(0.6);
  }, 240_000);
});
