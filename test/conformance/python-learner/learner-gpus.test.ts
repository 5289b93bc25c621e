import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeModel } from '../../../src/numerics/onnx/index.ts';
import type { Job } from '../../../src/shared/contract/types.ts';
import { Product } from '../../faults/engine-support/product.ts';
import { byChance, visitLines } from '../../fixtures/visit-lines.ts';

const NVIDIA_SMI = path.resolve(import.meta.dirname, '../../fixtures/devices/nvidia-smi.mjs');
/** Of its cards that have not failed, the one with most free memory. */
const LARGEST = 'GPU-5a1e0c11-7d02-4b6e-9f3a-2c61d0b7a0d1';

const model = writeModel({
  features: 1,
  output: 'probability',
  nodes: [{ operator: 'Sigmoid', inputs: ['features'], outputs: ['probability'] }],
  constants: [],
});
/** Says what it was given, and hands back a model that needs no package. */
const SCRIPT = `import base64, json, os
job = json.load(open("learner.json"))
print("given", os.environ.get("CUDA_VISIBLE_DEVICES"), job["gpus"], job["threads"], os.environ["OMP_NUM_THREADS"])
open("model.onnx", "wb").write(base64.b64decode("${Buffer.from(model).toString('base64')}"))
`;

// No memory file system, and no program that stands in for nvidia-smi, elsewhere.
describe.skipIf(process.platform !== 'linux')('a learner in Python that asks for GPUs', () => {
  let product: Product;

  beforeAll(async () => {
    product = new Product();
    const bin = path.join(product.root, 'bin');
    mkdirSync(bin);
    symlinkSync(NVIDIA_SMI, path.join(bin, 'nvidia-smi'));
    product.environment['PATH'] = `${bin}${path.delimiter}${process.env['PATH']}`;
    await product.succeed(['init', '--name', 'GPUs', '--quiet']);
    const file = path.join(product.root, 'visits.csv');
    writeFileSync(file, visitLines(300, byChance));
    await product.succeed(['data', 'import', file, '--name', 'visits', '--event-time', 'at']);
    writeFileSync(path.join(product.root, 'train.py'), SCRIPT);
  }, 120_000);
  afterAll(() => product?.close());

  const define = (name: string, asks: object): string => {
    const file = path.join(product.root, `${name}.yaml`);
    const training = {
      kind: 'Training',
      name,
      entities: { dataset: 'visits', eventTime: 'at' },
      columns: ['price'],
      label: { column: 'bought' },
      task: 'binary',
      learner: { kind: 'python', script: 'train.py', ...asks },
    };
    writeFileSync(file, JSON.stringify(training));
    return file;
  };
  const lastJob = async (): Promise<Job> =>
    (JSON.parse(await product.succeed(['jobs', 'ls', '--kind', 'training.run', '--json'])) as Job[])[0]!;
  const said = async ({ id }: Job): Promise<string | undefined> =>
    (await product.succeed(['jobs', 'logs', id])).split('\n').find((line) => line.includes('given'));

  it('has them kept for it by the queue, and sees no others; repeated, too', async () => {
    const file = define('one', { gpus: 1, gpuMemory: '20GiB', cpus: 1, memory: '64MiB' });
    const { run } = JSON.parse(await product.succeed(['train', '-f', file, '--wait', '--json'])) as {
      run: string;
    };
    const job = await lastJob();
    const needs = { gpus: 1, gpuMemoryBytes: 20 * 2 ** 30, cpus: 1, memoryBytes: 64 * 2 ** 20 };
    expect(job).toMatchObject({ state: 'succeeded', gpus: [LARGEST], needs });
    expect(await said(job)).toContain(`given ${LARGEST} 1 1 1`);

    define('one', {});
    await product.succeed(['apply', '-f', file]);
    await product.succeed(['runs', 'rerun', run]);
    const again = await lastJob();
    expect(again.id).not.toBe(job.id);
    expect(again).toMatchObject({ gpus: [LARGEST], needs });
    expect(await said(again)).toContain(`given ${LARGEST} 1 1 1`);
  }, 120_000);

  it('sees none where it asks for none, and is refused more than there are', async () => {
    await product.succeed(['train', '-f', define('none', { gpus: 0 }), '--wait']);
    expect(await said(await lastJob())).toMatch(/given {2}0 /);
    const { code, err } = await product.run(['train', '-f', define('many', { gpus: 9 }), '--wait']);
    expect([code, err]).toEqual([1, expect.stringContaining('error[DEVICE_UNAVAILABLE]: 9 GPUs')]);
  }, 120_000);
});
