import { afterEach, describe, expect, it } from 'vitest';
import { type InferenceSession, openInferenceSession } from './session.ts';
import { elementwiseModel, memoryHungryModel } from './small-models.ts';

const open: InferenceSession[] = [];
const start = async (options: Parameters<typeof openInferenceSession>[0]): Promise<InferenceSession> => {
  const session = await openInferenceSession({ threads: 1, ...options });
  open.push(session);
  return session;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((session) => session.close()));
});

const matrix = (values: readonly number[], width: number) => ({
  type: 'float32' as const,
  dims: [values.length / width, width],
  data: Float32Array.from(values),
});

describe('openInferenceSession', () => {
  it('runs batches in another process and answers them in order', async () => {
    const session = await start({ model: elementwiseModel('Add', [10, 20]) });
    expect(session.pid).not.toBe(process.pid);
    expect(session.inputs).toEqual([{ name: 'x', type: 'float32', shape: [-1, 2] }]);
    expect(session.outputs).toEqual([{ name: 'y', type: 'float32', shape: [-1, 2] }]);
    const results = await Promise.all(
      [1, 2, 3].map((value) => session.run({ x: matrix([value, value, 0, 0], 2) })),
    );
    expect(results.map((result) => [...(result.outputs['y']!.data as Float32Array)])).toEqual([
      [11, 21, 10, 20],
      [12, 22, 10, 20],
      [13, 23, 10, 20],
    ]);
  });

  it('says why bytes that are no model are refused', async () => {
    await expect(openInferenceSession({ model: Uint8Array.of(1, 2, 3), threads: 1 })).rejects.toMatchObject({
      code: 'CHILD_FAILED',
    });
  });

  it('keeps serving after a batch of the wrong shape', async () => {
    const session = await start({ model: elementwiseModel('Mul', [2, 3]) });
    await expect(session.run({ x: matrix([1, 2, 3], 3) })).rejects.toMatchObject({ code: 'CHILD_FAILED' });
    const { outputs } = await session.run({ x: matrix([1, 1], 2) });
    expect([...(outputs['y']!.data as Float32Array)]).toEqual([2, 3]);
  });

  it('tells of a process that dies in the middle', async () => {
    const session = await start({ model: elementwiseModel('Add', [1]) });
    process.kill(session.pid, 'SIGKILL');
    await expect(session.run({ x: matrix([1], 1) })).rejects.toMatchObject({ code: 'CHILD_FAILED' });
    await expect(session.run({ x: matrix([1], 1) })).rejects.toMatchObject({ code: 'CHILD_FAILED' });
  });

  it('stops a model that takes too long', async () => {
    const session = await start({ model: elementwiseModel('Add', [1]), timeLimitMs: 2_500 });
    process.kill(session.pid, 'SIGSTOP');
    await expect(session.run({ x: matrix([1], 1) })).rejects.toMatchObject({ code: 'TIMED_OUT' });
  }, 15_000);

  it.runIf(process.platform === 'linux')(
    'stops a tiny model that asks for a gigabyte',
    async () => {
      const attempt = start({ model: memoryHungryModel(2 ** 28), memoryLimitBytes: 400 * 2 ** 20 }).then(
        (session) => session.run({ x: matrix([1], 1) }),
      );
      await expect(attempt).rejects.toMatchObject({ code: 'OUT_OF_MEMORY' });
    },
    20_000,
  );

  it('never starts the work when it was cancelled before', async () => {
    await expect(
      openInferenceSession({ model: elementwiseModel('Add', [1]), signal: AbortSignal.abort() }),
    ).rejects.toMatchObject({
      code: 'CANCELLED',
    });
  });

  it.runIf(process.platform === 'linux')(
    'refuses a device whose provider does not load, with the reason',
    async () => {
      await expect(
        openInferenceSession({ model: elementwiseModel('Add', [1]), device: 'cuda' }),
      ).rejects.toMatchObject({
        code: 'DEVICE_UNAVAILABLE',
      });
    },
  );
});
