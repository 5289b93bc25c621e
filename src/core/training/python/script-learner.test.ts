import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byChance, visitLines } from '../../../../test/fixtures/visit-lines.ts';
import {
  openVisitTrainings,
  type VisitTrainings,
  visitTraining,
} from '../../../../test/fixtures/visit-trainings.ts';
import { writeModel } from '../../../numerics/onnx/index.ts';
import type { TrainingDefinition } from '../../../shared/definitions/training.ts';

let trainings: VisitTrainings;
beforeAll(async () => {
  trainings = await openVisitTrainings();
  await trainings.importVisits(visitLines(400, byChance));
});
afterAll(() => trainings.parts.close());

const scripted = (code: string, changes: object = {}): TrainingDefinition =>
  visitTraining({
    learner: { kind: 'python', script: 'train.py', code: { 'train.py': code } },
    evaluate: { bootstrap: { resamples: 0 } },
    ...changes,
  });

/** A script that hands back these bytes; it needs no package. */
const handing = (model: Uint8Array): string =>
  `import base64\nopen("model.onnx", "wb").write(base64.b64decode("${Buffer.from(model).toString('base64')}"))\n`;

/** A model of one matrix product, which reads price, town and hour. */
const product = (weights: readonly number[], link: string): Uint8Array =>
  writeModel({
    features: 3,
    output: 'probability',
    nodes: [
      { operator: 'MatMul', inputs: ['features', 'weights'], outputs: ['score'] },
      { operator: link, inputs: ['score'], outputs: ['probability'] },
    ],
    constants: [{ name: 'weights', dims: [3, 1], values: weights }],
  });

describe.skipIf(process.platform !== 'linux')('a script as learner', () => {
  it('is not run with other GPUs than it asks for', async () => {
    const learner = { kind: 'python', script: 'train.py', code: { 'train.py': 'print(1)' }, gpus: 2 };
    const definition = visitTraining({ learner });
    const { training, context } = trainings;
    const set = await training.assemble(context, definition);
    await expect(training.learn({ ...context, gpus: ['GPU-1'] }, definition, set)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: 'The script asks for 2 GPUs, and 1 were kept for it.',
    });
  });

  it('has its model registered as one of the raw columns, calibrated, measured and explained', async () => {
    const learned = await trainings.train(
      scripted(
        `import json\nassert json.load(open("learner.json"))["rows"]["test"] == 80\n${handing(product([-0.05, 3, 0], 'Sigmoid'))}print('falaj {"step": 1, "of": 1, "metrics": {"validationLoss": 0.5}}')\n`,
        { calibrate: 'isotonic' },
      ),
    );
    expect(learned.result.model).toEqual({ name: 'buyers', version: 1 });
    expect(learned.result.metrics['onnxDifference']).toBeLessThan(1e-5);
    expect(learned.result.metrics['auc']).toBeGreaterThan(0.7);
    const [first] = learned.evaluation.importance;
    expect(first).toMatchObject({ permutation: expect.any(Number), shapley: expect.any(Number) });
    expect(trainings.parts.audit.list({ limit: 50 }).entries).toContainEqual(
      expect.objectContaining({ action: 'run.script', object: 'Training/buy' }),
    );
    const version = await trainings.registry.get({ reference: 'buyers@candidate' });
    expect(version).toMatchObject({ framework: 'python', verified: true });
    expect(
      trainings.tracking.history({ id: learned.result.run, metric: 'validationLoss', points: 5 }),
    ).toMatchObject([{ step: 1, value: 0.5 }]);
  }, 60_000);

  it.each([
    [
      'multiclass',
      "CASE WHEN price < 40 THEN 'cheap' WHEN price < 70 THEN 'fair' ELSE 'dear' END",
      3,
      'Softmax',
    ],
    ['regression', 'price * 2', 1, 'Identity'],
  ] as const)(
    'learns a label of the kind %s',
    async (task, expression, outputs, link) => {
      const model = writeModel({
        features: 2,
        output: 'said',
        outputColumns: outputs,
        nodes: [
          { operator: 'Gemm', inputs: ['features', 'weights', 'offset'], outputs: ['score'] },
          { operator: link, inputs: ['score'], outputs: ['said'] },
        ],
        constants: [
          {
            name: 'weights',
            dims: [2, outputs],
            values: outputs === 1 ? [2, 0] : [-0.4, 0.4, 0, 0, 0, 0],
          },
          { name: 'offset', dims: [outputs], values: outputs === 1 ? [0] : [16, -28, 2] },
        ],
      });
      const { result } = await trainings.train(
        scripted(handing(model), {
          task,
          columns: ['price'],
          label: { column: 'wanted', expression },
          baseline: undefined,
          register: { model: task },
        }),
      );
      expect(result.model).toEqual({ name: task, version: 1 });
      expect(result.metrics['onnxDifference']).toBeLessThan(1e-5);
      expect(result.metrics['accuracy'] ?? result.metrics['r2']).toBeGreaterThan(0.9);
    },
    60_000,
  );

  it.each([
    [
      'fails',
      'import sys\nprint("tried")\nsys.exit("no such setting")',
      'CHILD_FAILED',
      /exit code 1: no such setting/,
    ],
    ['hands back no model', 'print("done")', 'MODEL_UNUSABLE', /no model/],
    [
      'hands back a model of other columns',
      handing(writeModel(modelOfTwo())),
      'MODEL_UNUSABLE',
      /2 columns instead of 3/,
    ],
    [
      'hands back a model that is not computable',
      handing(product([1, 1, 1], 'Nonsense')),
      'MODEL_UNUSABLE',
      /refused/,
    ],
    [
      'hands back a model that says no numbers',
      handing(product([Number.NaN, 1, 1], 'Sigmoid')),
      'MODEL_UNUSABLE',
      /no finite number/,
    ],
    [
      'hands back a model that says no chances',
      handing(product([5, 5, 5], 'Identity')),
      'MODEL_UNUSABLE',
      /which is no chance/,
    ],
  ] as const)(
    'that %s registers nothing',
    async (_what, code, error, message) => {
      const before = trainings.registry.list().length;
      const failed = trainings.train(scripted(code, { register: { model: 'failing' } }));
      await expect(failed).rejects.toMatchObject({ code: error, message: expect.stringMatching(message) });
      expect(trainings.registry.list()).toHaveLength(before);
      expect(readdirSync('/dev/shm').filter((name) => name.includes(`-${process.pid}-`))).toEqual([]);
    },
    60_000,
  );
});

function modelOfTwo(): Parameters<typeof writeModel>[0] {
  return {
    features: 2,
    output: 'probability',
    nodes: [{ operator: 'Sigmoid', inputs: ['features'], outputs: ['probability'] }],
    constants: [],
  };
}
