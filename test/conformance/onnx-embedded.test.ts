import { InferenceSession, Tensor } from 'onnxruntime-node';
import { expect, it } from 'vitest';
import { embeddedModel, readModel, withPreprocessing } from '../../src/numerics/onnx/index.ts';

/**
 * Written by onnx 1.19.1: doubles its one column where the sum of all rows is above 0, by a branch that reads a value from
 * around it, and leaves it as it is elsewhere.
 */
const BRANCHES = Buffer.from(
  'CAg6nQIKIgoBeBIBcyIJUmVkdWNlU3VtKg8KCGtlZXBkaW1zGACgAQIKFQoBcwoEemVybxIBYyIHR3JlYXRlcgqiAQoBYxIKcHJlZGljdGlvbiICSWYqPQoLZWxzZV9icmFuY2gyKwoUCgF4EgVlX291dCIISWRlbnRpdHkSBGVsc2ViDQoFZV9vdXQSBAoCCAGgAQUqTgoLdGhlbl9icmFuY2gyPAoUCgF4CgN0d28SBXRfb3V0IgNNdWwSBHRoZW4qDwgBEAFCA3R3b0oEAAAAQGINCgV0X291dBIECgIIAaABBRIBZyoOEAFCBHplcm9KBAAAAABaFAoBeBIPCg0IARIJCgMSAW4KAggBYhIKCnByZWRpY3Rpb24SBAoCCAFCBAoAEBE=',
  'base64',
);

it('a model of another program with branches stands in a graph of ours, whatever its values are called', async () => {
  const embedded = embeddedModel(readModel(BRANCHES), 'x', 'prediction');
  const model = withPreprocessing(
    { steps: [{ kind: 'raw', column: 'x' }], width: 1 },
    {
      features: 1,
      output: 'prediction',
      nodes: [{ operator: 'Embedded', inputs: ['features'], outputs: ['prediction'], embedded }],
      constants: [],
    },
  );
  const session = await InferenceSession.create(model);
  for (const [rows, expected] of [
    [
      [1, 2],
      [2, 4],
    ],
    [
      [-1, -2],
      [-1, -2],
    ],
  ] as const) {
    const { prediction } = await session.run({ x: new Tensor('float32', Float32Array.from(rows), [2, 1]) });
    expect([...(prediction!.data as Float32Array)]).toEqual(expected);
  }
});
