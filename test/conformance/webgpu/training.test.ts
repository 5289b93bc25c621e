import { afterEach, describe, expect, it } from 'vitest';
import { type VisitTrainings, visitTraining } from '../../fixtures/visit-trainings.ts';
import { openOnSoftware } from './support/open-on-software.ts';
import { softwareAdapter } from './support/software-adapter.ts';

const environment = softwareAdapter('trainings on WebGPU');

const NETWORK = {
  kind: 'mlp',
  hidden: [96, 32],
  dropout: 0.1,
  epochs: 2,
  batchRows: 512,
  checkpointSeconds: 0.01,
} as const;

let rooms: VisitTrainings;
afterEach(() => rooms.parts.close());

const tagsOf = (run: string) => rooms.tracking.get({ id: run }).tags;

describe.skipIf(environment === null)('a training on a software adapter', { timeout: 180_000 }, () => {
  it('is never offered to people, whether they ask for a GPU or leave it open', async () => {
    rooms = await openOnSoftware(environment, { acceptsSoftware: false });
    await expect(
      rooms.train(visitTraining({ learner: { ...NETWORK, device: 'webgpu' } })),
    ).rejects.toMatchObject({ code: 'DEVICE_UNAVAILABLE', message: expect.stringMatching(/SwiftShader/) });
    const { result } = await rooms.train(
      visitTraining({ learner: { ...NETWORK, hidden: [256, 64], epochs: 1 } }),
    );
    expect(tagsOf(result.run)).toMatchObject({
      device: 'cpu',
      deviceReason: expect.stringMatching(/SwiftShader/),
    });
  });

  it('gives way to a CPU that is measured to be faster', async () => {
    rooms = await openOnSoftware(environment);
    const { result } = await rooms.train(
      visitTraining({ learner: { ...NETWORK, hidden: [256, 64], epochs: 1 } }),
    );
    expect(tagsOf(result.run)).toMatchObject({
      device: 'cpu',
      deviceReason: expect.stringMatching(/^The CPU is faster: a step of this network took/),
    });
  });

  it('makes the model that the CPU makes, and says what it learned on', async () => {
    rooms = await openOnSoftware(environment);
    const learned = await rooms.train(visitTraining({ learner: { ...NETWORK, device: 'webgpu' } }));
    const onCpu = await rooms.train(visitTraining({ learner: { ...NETWORK, device: 'cpu' } }));
    const run = rooms.tracking.get({ id: learned.result.run });
    expect(run.status).toBe('finished');
    expect(run.tags).toMatchObject({
      device: expect.stringMatching(/^webgpu: /),
      deviceReason: expect.stringMatching(/^Measured: .* weights agree to/),
    });
    expect(tagsOf(onCpu.result.run)).toMatchObject({ device: 'cpu' });
    expect(learned.result.metrics['auc']!).toBeCloseTo(onCpu.result.metrics['auc']!, 2);
    for (const metric of ['trainLoss', 'validationLoss']) {
      const [gpu, cpu] = [learned, onCpu].map(({ result }) =>
        rooms.tracking.history({ id: result.run, metric }).map(({ value }) => value),
      );
      expect(gpu).toHaveLength(2);
      for (const [epoch, loss] of cpu!.entries()) expect(gpu![epoch]! / loss).toBeCloseTo(1, 2);
    }
  });

  it('stops with its checkpoint when its process dies, and the CPU goes on from there', async () => {
    rooms = await openOnSoftware(environment, {
      start: (real) => {
        const child = real();
        child.onMessage((message) => {
          if ((message as { kind?: string }).kind === 'checkpoint') process.kill(child.pid, 'SIGSEGV');
        });
        return child;
      },
    });
    const learner = { ...NETWORK, epochs: 30 };
    await expect(
      rooms.train(visitTraining({ learner: { ...learner, device: 'webgpu' } })),
    ).rejects.toMatchObject({ code: 'DEVICE_UNAVAILABLE' });
    const stopped = rooms.tracking.list({})[0]!;
    expect(stopped.status).toBe('failed');
    expect(stopped.tags['deviceReason']).toMatch(/process that uses the GPU is gone/);
    expect(stopped.artifacts.map(({ path }) => path)).toContain('checkpoint/network.bin');
    const { result } = await rooms.train(visitTraining({ learner: { ...learner, device: 'cpu' } }));
    expect(tagsOf(result.run)).toMatchObject({ resumedFrom: stopped.id, device: 'cpu' });
    expect(rooms.tracking.history({ id: result.run, metric: 'trainLoss' })).toHaveLength(30);
  });
});
