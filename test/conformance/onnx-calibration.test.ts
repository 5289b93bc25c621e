import fc from 'fast-check';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { calibrate, fitIsotonic, fitPlatt } from '../../src/numerics/calibration/index.ts';
import { calibrationNodes, writeModel } from '../../src/numerics/onnx/index.ts';

describe('exported calibrations in ONNX Runtime', () => {
  it.each([
    ['platt', fitPlatt],
    ['isotonic', fitIsotonic],
  ] as const)('give the chances of %s', async (_, learn) => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.float({ min: -20, max: 20, noNaN: true }), fc.integer({ min: 0, max: 1 })), {
          minLength: 2,
          maxLength: 60,
        }),
        async (rows) => {
          const labels = [0, 1, ...rows.map(([, label]) => label)];
          const scores = [-0.5, 0.25, ...rows.map(([score]) => score)];
          const calibration = learn(scores, labels);
          const asked = Float32Array.from([...scores, -100, 100, 0, 1e-6]);
          // A model whose one feature is the score.
          const graph = calibrationNodes(calibration, 'features', 'probability');
          const session = await InferenceSession.create(
            writeModel({ features: 1, output: 'probability', outputColumns: 1, ...graph }),
            { intraOpNumThreads: 1 },
          );
          const output = await session.run({ features: new Tensor('float32', asked, [asked.length, 1]) });
          await session.release();
          const got = Object.values(output)[0]!.data as Float32Array;
          const expected = calibrate(calibration, asked);
          for (let at = 0; at < got.length; at++)
            expect(Math.abs(got[at]! - expected[at]!)).toBeLessThan(1e-5);
        },
      ),
      { numRuns: 60 },
    );
  });
});
