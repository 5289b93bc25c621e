import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../test/fixtures/engine-parts.ts';
import {
  fixedLearner,
  type TrainingDefinition,
  trainingDefinition,
} from '../../shared/definitions/training.ts';
import { DataRoom, dataMigrations } from '../data/index.ts';
import { FeatureRoom, featuresMigrations } from '../features/index.ts';
import { InferenceRoom } from '../inference/index.ts';
import type { JobContext } from '../jobs/index.ts';
import { ModelRegistry, registryMigrations } from '../registry/index.ts';
import { TrackingRoom, trackingMigrations } from '../tracking/index.ts';
import { TrainingRoom } from './index.ts';

let parts: EngineParts;
let data: DataRoom;
let features: FeatureRoom;
let tracking: TrackingRoom;
let registry: ModelRegistry;
let training: TrainingRoom;
let abort: AbortController;

let log: string[] = [];

const context = (onProgress: (step: string) => void = () => undefined): JobContext => ({
  id: 'job',
  signal: abort.signal,
  progress: ({ step }) => onProgress(step ?? ''),
  log: (level, line) => log.push(`${level}: ${line}`),
});

/** Visits of a shop: whether one buys depends on the hour, the price and the town; the label `bought` is 0 or 1. */
function visits(rows: number, label: (chance: number, random: number) => number): string {
  let state = 7;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 4_294_967_296;
  };
  const towns = ['Muscat', 'Sur', 'Nizwa', 'Salalah'];
  const lines = ['at,price,town,bought'];
  for (let row = 0; row < rows; row++) {
    const town = Math.floor(random() * 4);
    const price = Math.round(random() * 1000) / 10;
    const chance = 1 / (1 + Math.exp(-(2 - price / 20 + town)));
    lines.push(
      `${new Date(Date.UTC(2026, 0, 1) + row * 60_000).toISOString()},${price},${towns[town]},${label(chance, random())}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

async function importVisits(text: string, more: { knownTime?: string } = {}): Promise<void> {
  const file = path.join(parts.folder, 'visits.csv');
  writeFileSync(file, text);
  await data.import(context(), {
    name: 'visits',
    files: [file],
    eventTime: 'at',
    labels: [],
    purposes: [],
    every: 1,
    derive: [],
    ...more,
  });
}

const define = (changes: Record<string, unknown> = {}): TrainingDefinition =>
  fixedLearner(
    trainingDefinition.parse({
      kind: 'Training',
      name: 'buy',
      entities: { dataset: 'visits' },
      columns: ['price', 'town'],
      expressions: [{ name: 'hour', expression: 'hour("at")' }],
      label: { column: 'bought' },
      task: 'binary',
      baseline: { groupBy: 'town' },
      learner: { kind: 'gbdt', trees: 30, leaves: 8 },
      register: { model: 'buyers', alias: 'candidate' },
      ...changes,
    }),
  );

const train = async (definition: TrainingDefinition) =>
  training.learn(context(), definition, await training.assemble(context(), definition));

beforeEach(async () => {
  abort = new AbortController();
  log = [];
  parts = await openParts([dataMigrations, featuresMigrations, trackingMigrations, registryMigrations]);
  data = new DataRoom(parts);
  features = new FeatureRoom({ ...parts, data });
  tracking = new TrackingRoom(parts);
  registry = new ModelRegistry(parts);
  training = new TrainingRoom({ ...parts, data, features, tracking, registry, threads: 1 });
});
afterEach(() => parts.close());

const LEARNERS = [
  { kind: 'gbdt', trees: 30, leaves: 8 },
  { kind: 'linear' },
  { kind: 'mlp', hidden: [16], epochs: 15, learningRate: 0.01 },
] as const;

describe('TrainingRoom', () => {
  it.each(LEARNERS)('makes a signed model that beats the baseline, with a $kind learner', async (learner) => {
    await importVisits(visits(4000, (chance, random) => (random < chance ? 1 : 0)));
    const { result } = await train(define({ learner }));
    expect(result.metrics['auc']).toBeGreaterThan(result.metrics['baselineAuc']! + 0.05);
    expect(result.metrics['logloss']).toBeLessThan(result.metrics['baselineLogloss']!);
    expect(result.metrics['onnxDifference']).toBeLessThanOrEqual(1e-5);
    expect(result.model).toEqual({ name: 'buyers', version: 1 });

    const version = await registry.get({ reference: 'buyers@candidate' });
    expect(version).toMatchObject({
      verified: true,
      lineage: { run: result.run, training: 'buy', datasets: [{ name: 'visits', version: 1 }] },
    });
    const run = tracking.get({ id: result.run });
    expect(run).toMatchObject({
      status: 'finished',
      model: result.model,
      params: { learner: learner.kind, seed: '7' },
    });
    expect(run.artifacts.map((artifact) => artifact.path)).toEqual([
      ...(learner.kind === 'linear' ? ['model/coefficients.json'] : []),
      'model/metadata.json',
      'model/model.onnx',
      'training-set/receipt.json',
    ]);
    expect(tracking.history({ id: result.run, metric: 'trainLoss' }).length).toBeGreaterThan(1);
    expect(
      tracking
        .evaluation({ id: result.run })
        ?.importance.map(({ feature }) => feature)
        .sort(),
    ).toEqual(['hour', 'price', 'town']);
  });

  it.each([LEARNERS[0], LEARNERS[2]])(
    'says that a $kind learner cannot stop early without rows for validation',
    async (learner) => {
      await importVisits(visits(600, (chance, random) => (random < chance ? 1 : 0)));
      const warnings = async (validation: number): Promise<string[]> => {
        log = [];
        await train(
          define({
            learner: { ...learner, earlyStopping: 3 },
            split: { by: 'random', validation, test: 0.2 },
          }),
        );
        return log.filter((line) => line.startsWith('warn: '));
      };
      expect(await warnings(0)).toEqual([expect.stringMatching(/earlyStopping .*split\.validation above 0/)]);
      expect(await warnings(0.2)).toEqual([]);
    },
  );

  it.each(
    LEARNERS.flatMap((learner) => (['binary', 'multiclass'] as const).map((task) => ({ ...learner, task }))),
  )('learns nothing of columns that are empty, and says so: $kind, $task', async ({ task, ...learner }) => {
    const lines = visits(600, (chance, random) => (random < chance ? 1 : 0))
      .trim()
      .split('\n');
    const emptied = lines.map((line, row) => {
      const [at, price, , bought] = line.split(',');
      // The test part has values: those of the training part decide.
      return [at, price, row === 0 ? 'town' : row > 560 ? 'Sur' : '', row === 0 ? 'size' : '', bought].join(
        ',',
      );
    });
    await importVisits(`${emptied.join('\n')}\n`);
    const definition = define({
      learner,
      task,
      columns: ['price', 'town'],
      expressions: [{ name: 'area', expression: 'CAST(size AS DOUBLE)' }],
      baseline: undefined,
      split: { by: 'time', validation: 0.1, test: 0.1 },
    });
    const { result } = await train(definition);
    expect(result.metrics['onnxDifference']).toBeLessThanOrEqual(1e-5);
    expect(log.filter((line) => line.startsWith('warn: '))).toEqual([
      'warn: town has no value in any training row: nothing is learned of it.',
      'warn: area has no value in any training row: nothing is learned of it.',
    ]);
  });

  it.each(LEARNERS)(
    'gives the same digest for the same data and seed, with a $kind learner',
    async (learner) => {
      await importVisits(visits(2000, (chance, random) => (random < chance ? 1 : 0)));
      const digests = [];
      for (let round = 0; round < 2; round++) {
        const { result } = await train(define({ learner }));
        digests.push((await registry.get({ reference: `buyers:${result.model!.version}` })).digest);
      }
      expect(digests[1]).toBe(digests[0]);
    },
  );

  it.each([
    ['has one class only', visits(500, () => 0), {}],
    ['is no yes or no', visits(500, () => 3), {}],
    ['is text', visits(500, () => 1), { label: { column: 'town' } }],
    [
      'never changes in the hold-out',
      visits(500, (chance, random) => (random < chance ? 1 : 0)),
      { label: { column: 'late', expression: `"at" < TIMESTAMP '2026-01-01 05:00:00'` } },
    ],
  ])('refuses a label that %s, and leaves no run behind', async (_what, text, changes) => {
    await importVisits(text);
    await expect(train(define(changes))).rejects.toMatchObject({ code: 'LABEL_UNUSABLE' });
    expect(tracking.list({})).toEqual([]);
  });

  const TOWNS = (changes: Record<string, unknown> = {}): string =>
    [
      { kind: 'Entity', name: 'town', keys: [{ name: 'town', type: 'string' }] },
      {
        kind: 'FeatureView',
        name: 'towns',
        entities: ['town'],
        source: { dataset: 'visits', ...changes },
        features: [
          { name: 'share', aggregate: { fn: 'mean', of: 'bought', window: '7d' } },
          { name: 'before', aggregate: { fn: 'mean', of: 'bought', window: '7d', exclusive: true } },
          { name: 'rows', aggregate: { fn: 'count', of: 'bought', window: '7d' } },
          { name: 'bought' },
          { name: 'dear', type: 'bool', expression: 'bought = 1 AND price > 50' },
          { name: 'dear_share', aggregate: { fn: 'max', of: 'dear', window: '7d' } },
          { name: 'last_price', column: 'price' },
        ],
      },
      { kind: 'FeatureService', name: 'shop', features: ['towns:*'] },
    ]
      .map((document) => JSON.stringify(document))
      .join('\n---\n');

  it.each([
    ['that the label is a column', {}, ['share', 'bought', 'dear', 'dear_share']],
    [
      'that the label is computed from',
      { label: { column: 'cheap', expression: 'price < 50' } },
      ['dear', 'dear_share', 'last_price'],
    ],
  ])('warns of features by which a row sees its own label: %s', async (_what, changes, named) => {
    await importVisits(visits(400, (chance, random) => (random < chance ? 1 : 0)));
    features.apply({ documents: [{ file: 'falaj.yaml', text: TOWNS() }], prune: false });
    const set = await training.assemble(context(), define({ service: 'shop', ...changes }));
    expect(set.ownLabel).toEqual(named.map((name) => `towns__${name}`));
    expect(log).toEqual(
      named.map((name) => expect.stringMatching(`^warn: towns__${name} holds each row's own label`)),
    );
  });

  it('does not warn where rows become known later', async () => {
    const rows = visits(400, (chance, random) => (random < chance ? 1 : 0))
      .trim()
      .split('\n');
    const text = rows.map((row, at) => `${row},${at === 0 ? 'known' : '2027-01-01'}`).join('\n');
    await importVisits(text, { knownTime: 'known' });
    features.apply({ documents: [{ file: 'falaj.yaml', text: TOWNS() }], prune: false });
    const set = await training.assemble(context(), define({ service: 'shop' }));
    expect([set.ownLabel, log]).toEqual([[], []]);
  });

  it('refuses its own label and unknown columns among the features', async () => {
    await importVisits(visits(500, (chance, random) => (random < chance ? 1 : 0)));
    await expect(train(define({ columns: ['price', 'bought'] }))).rejects.toMatchObject({
      code: 'BAD_DEFINITION',
    });
    await expect(train(define({ columns: ['colour'] }))).rejects.toMatchObject({ code: 'UNKNOWN_COLUMN' });
    await expect(train(define({ columns: [], expressions: [] }))).rejects.toMatchObject({
      code: 'BAD_DEFINITION',
    });
  });

  it('learns native categories with weights, and tells what each feature is worth in four ways', async () => {
    await importVisits(visits(4000, (chance, random) => (random < chance ? 1 : 0)));
    const { result } = await train(
      define({
        weight: 'price',
        learner: {
          kind: 'gbdt',
          trees: 30,
          leaves: 8,
          rowSampling: 0.8,
          monotone: { price: 'decreasing' },
          classWeights: 'balanced',
        },
      }),
    );
    expect(result.metrics['auc']).toBeGreaterThan(result.metrics['baselineAuc']!);
    expect(result.metrics['onnxDifference']).toBeLessThanOrEqual(1e-5);
    const { importance } = tracking.evaluation({ id: result.run })!;
    const of = (name: string) => importance.find(({ feature }) => feature === name)!;
    for (const measure of ['gain', 'splits', 'permutation', 'shapley'] as const)
      expect(of('price')[measure]).toBeGreaterThan(of('hour')[measure]!);
    expect(tracking.get({ id: result.run }).params).toMatchObject({ monotone: '{"price":"decreasing"}' });
  });

  it('tells many classes apart, by their names, as its export does', async () => {
    await importVisits(visits(4000, (chance, random) => Math.floor(3 * chance + 0.4 * random)));
    const { result, predictions } = await train(
      define({
        label: { column: 'basket', expression: "['none', 'one', 'more', 'many'][bought + 1]" },
        task: 'multiclass',
        learner: { kind: 'gbdt', trees: 30, leaves: 8, classWeights: 'balanced' },
      }),
    );
    expect(result.metrics['logloss']).toBeLessThan(result.metrics['baselineLogloss']!);
    expect(result.metrics['accuracy']).toBeGreaterThan(result.metrics['baselineAccuracy']! + 0.1);
    expect(result.metrics['auc']).toBeGreaterThan(0.85);
    expect(result.metrics['onnxDifference']).toBeLessThanOrEqual(1e-5);
    const { metadata } = await registry.load({ reference: 'buyers@candidate' });
    expect(metadata).toMatchObject({ task: 'multiclass', classes: ['many', 'more', 'none', 'one'] });
    const row = [...predictions.subarray(0, 4)];
    expect(row.reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 6);
    expect(tracking.evaluation({ id: result.run })?.importance[0]?.shapley).toBeGreaterThan(0);

    const inference = new InferenceRoom({
      ...parts,
      registry,
      features: new FeatureRoom({ ...parts, data }),
      devices: () => Promise.reject(new Error('only the processor is asked for')),
    });
    const out = path.join(parts.folder, 'scores.csv');
    await inference.predict(context(), {
      reference: 'buyers@candidate',
      in: path.join(parts.folder, 'visits.csv'),
      out,
      device: 'cpu',
      batch: 1000,
    });
    const lines = readFileSync(out, 'utf8').trim().split('\n');
    expect(lines[0]).toMatch(/bought,prediction,probability$/);
    const names = ['none', 'one', 'more', 'many'];
    const rows = lines.slice(1).map((line) => line.split(','));
    const right = rows.filter((cells) => names[Number(cells[3])] === cells[4]);
    expect(rows.length).toBe(4000);
    expect(right.length / rows.length).toBeGreaterThan(0.6);
    expect(Math.min(...rows.map((cells) => Number(cells[5])))).toBeGreaterThan(0.25);
  });

  it.each([
    { kind: 'linear', classWeights: 'balanced' },
    { kind: 'linear', l1: 1 },
    { kind: 'mlp', hidden: [16], epochs: 10, learningRate: 0.01, classWeights: 'balanced' },
  ])('tells many classes apart with a learner of %o, as its export does', async (learner) => {
    await importVisits(visits(3000, (chance, random) => Math.floor(3 * chance + 0.4 * random)));
    const { result, predictions } = await train(
      define({ task: 'multiclass', columns: ['price'], learner, weight: 'price' }),
    );
    expect(result.metrics['auc']).toBeGreaterThan(0.7);
    expect(result.metrics['onnxDifference']).toBeLessThanOrEqual(1e-5);
    expect(predictions.length).toBe(600 * 4);
    expect((await registry.load({ reference: 'buyers@candidate' })).metadata).toMatchObject({
      classes: ['0', '1', '2', '3'],
    });
  });

  it.each([{ kind: 'linear' }, { kind: 'mlp', hidden: [8], epochs: 3 }])(
    'refuses an infinite feature for a learner of %o, naming it, and takes one without any value',
    async (learner) => {
      await importVisits(visits(600, (chance, random) => (random < chance ? 1 : 0)));
      const wild = [
        { name: 'wild', expression: '1.0 / CAST(CASE WHEN price > 50 THEN 0 ELSE 1 END AS DOUBLE)' },
      ];
      await expect(train(define({ learner, expressions: wild }))).rejects.toMatchObject({
        code: 'BAD_INPUT',
        message: expect.stringContaining('wild'),
      });
      const empty = [{ name: 'nothing', expression: 'CAST(NULL AS DOUBLE)' }];
      const { result } = await train(define({ learner, expressions: empty }));
      expect(result.metrics['onnxDifference']).toBeLessThanOrEqual(1e-5);
    },
  );

  it.each(['absolute', 'poisson', 'huber', 'quantile'] as const)(
    'follows a number by the objective %s, as its export does',
    async (objective) => {
      await importVisits(visits(3000, (chance, random) => Math.floor(9 * chance + 2 * random)));
      const options = { quantile: { alpha: 0.9 }, huber: { delta: 2 }, absolute: {}, poisson: {} }[objective];
      const { result } = await train(
        define({
          task: 'regression',
          learner: { kind: 'gbdt', trees: 40, leaves: 8, objective, ...options },
        }),
      );
      expect(result.metrics['mae']).toBeLessThan(result.metrics['baselineMae']!);
      expect(result.metrics['onnxDifference']).toBeLessThanOrEqual(1e-5);
    },
  );

  it.each([
    [{ objective: 'poisson' }, {}, 'BAD_DEFINITION'],
    [{ monotone: { colour: 'increasing' } }, {}, 'BAD_DEFINITION'],
    [{ monotone: { town: 'increasing' } }, {}, 'BAD_DEFINITION'],
    [{}, { weight: 'town' }, 'BAD_INPUT'],
    [{}, { weight: 'colour' }, 'UNKNOWN_COLUMN'],
    [{ classWeights: [1, 2, 3] }, {}, 'BAD_DEFINITION'],
  ] as const)('refuses a learner of %o with %o', async (learner, changes, code) => {
    await importVisits(visits(500, (chance, random) => (random < chance ? 1 : 0)));
    const definition = define({ ...changes, learner: { kind: 'gbdt', trees: 5, ...learner } });
    await expect(train(definition)).rejects.toMatchObject({ code });
  });

  it('refuses options of an objective that is not chosen, naming them', () => {
    expect(() => define({ learner: { kind: 'gbdt', alpha: 0.9 } })).toThrow(/alpha belongs to the objective/);
    expect(() => define({ learner: { kind: 'gbdt', objective: 'quantile' } })).toThrow(/alpha/);
  });

  it.each([
    [{ task: 'multiclass', learner: { kind: 'gbdt', categories: 'mean' } }, /categories/],
    [{ task: 'regression', learner: { kind: 'linear', classWeights: 'balanced' } }, /class weights/],
  ])('refuses %o before anything is trained', (changes, message) => {
    expect(() => define(changes)).toThrow(message);
  });

  it('keeps the standard errors of an unpenalised model with the run, and drops features by an l1 penalty', async () => {
    await importVisits(visits(4000, (chance, random) => (random < chance ? 1 : 0)));
    const plain = await train(define({ learner: { kind: 'linear', l2: 0 } }));
    const coefficients = JSON.parse(
      (await tracking.artifact({ id: plain.result.run, path: 'model/coefficients.json' })).toString(),
    );
    const price = coefficients.features.find(({ feature }: { feature: string }) => feature === 'price');
    // The rows were made with a weight of −1/20 for the price.
    expect(price.lower).toBeLessThan(-0.05);
    expect(price.upper).toBeGreaterThan(-0.05);
    expect(price.pValue).toBeLessThan(1e-6);
    const sparse = await train(define({ learner: { kind: 'linear', l1: 100 } }));
    expect(sparse.evaluation.importance.find(({ feature }) => feature === 'hour')?.gain).toBe(0);
    expect(sparse.result.metrics['onnxDifference']).toBeLessThanOrEqual(1e-5);
  });

  it('splits between groups, so that the hold-out has none that was learned from', async () => {
    await importVisits(visits(2000, (chance, random) => (random < chance ? 1 : 0)));
    const { result } = await train(define({ split: { by: 'group', group: 'town' } }));
    const slices = tracking.evaluation({ id: result.run })!.slices!.filter(({ column }) => column === 'town');
    expect(slices.length).toBe(0);
    expect(tracking.get({ id: result.run }).params['split']).toMatch(
      /^group: 15\d\d \/ 0 \/ \d+ rows$|^group: 14\d\d/,
    );
    const lost = define({ split: { by: 'group', group: 'twon' } });
    await expect(train(lost)).rejects.toMatchObject({ code: 'UNKNOWN_COLUMN', hint: 'Did you mean "town"?' });
    for (const split of [{ by: 'group' }, { by: 'time', group: 'town' }])
      expect(() => define({ split })).toThrow(/split.group/);
  });

  it('stops when it is told to, and marks the run as killed', async () => {
    await importVisits(visits(4000, (chance, random) => (random < chance ? 1 : 0)));
    const definition = define({ learner: { kind: 'gbdt', trees: 5000, leaves: 31 } });
    const set = await training.assemble(context(), definition);
    const stopAtFirstTree = context((step) => {
      if (step === 'fit' && parts.events.length > 0) abort.abort();
    });
    await expect(training.learn(stopAtFirstTree, definition, set)).rejects.toMatchObject({
      code: 'CANCELLED',
    });
    expect(tracking.list({})[0]).toMatchObject({ status: 'killed', model: null });
    expect(registry.list()).toEqual([]);
  });
});
