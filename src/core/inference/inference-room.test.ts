import os from 'node:os';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { DeviceReport } from '../../shared/contract/types.ts';
import { type InferenceOptions, InferenceRoom } from './inference-room.ts';

const context = {
  signal: new AbortController().signal,
  progress: () => undefined,
} as unknown as Parameters<InferenceRoom['predict']>[0];

/** A room over one network, on a machine with these backends. The file to score is not there: who comes so far may run. */
async function refusalOn(
  device: 'cuda' | 'webgpu',
  backends: DeviceReport['backends'],
  framework = 'falaj-mlp',
) {
  const room = new InferenceRoom({
    registry: { load: async () => ({ metadata: { framework } }) },
    devices: async () => ({ backends }),
  } as unknown as InferenceOptions);
  const input = {
    reference: 'm',
    in: path.join(os.tmpdir(), 'falaj-is-not-there.csv'),
    out: path.join(os.tmpdir(), 'falaj-is-not-written.csv'),
    device,
    batch: 10,
  };
  return room.predict(context, input).then(
    () => null,
    (error: unknown) => error,
  );
}

describe('the device that a model is to run on', () => {
  it('is taken where its runtime was verified, whatever the vendor of the card', async () => {
    const backends = [{ name: 'webgpu', available: true, reason: 'Computed a product.', messages: [] }];
    expect(await refusalOn('webgpu', backends)).toMatchObject({ code: 'FILE_NOT_FOUND' });
  });

  it('is refused with the reason of its runtime', async () => {
    const backends = [
      { name: 'webgpu', available: false, reason: 'Only a software adapter answered.', messages: [] },
    ];
    expect(await refusalOn('webgpu', backends)).toMatchObject({
      code: 'DEVICE_UNAVAILABLE',
      message: 'No verified webgpu device: Only a software adapter answered.',
    });
    expect(await refusalOn('cuda', backends)).toMatchObject({
      message: 'No verified cuda device: This platform has no such runtime.',
    });
  });

  it('is never a GPU for trees', async () => {
    const backends = [{ name: 'webgpu', available: true, reason: '', messages: [] }];
    expect(await refusalOn('webgpu', backends, 'falaj-gbdt')).toMatchObject({ code: 'DEVICE_UNAVAILABLE' });
  });
});
