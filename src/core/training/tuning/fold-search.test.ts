import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { byChance, visitLines } from '../../../../test/fixtures/visit-lines.ts';
import {
  openVisitTrainings,
  type VisitTrainings,
  visitTraining,
} from '../../../../test/fixtures/visit-trainings.ts';
import type { RunTrial } from '../../../shared/contract/types.ts';
import { type TrainResult, trainingDefinition } from '../../../shared/definitions/training.ts';
import { isCancellation } from '../../../shared/errors.ts';
import { FOLDS_TAG } from '../../../shared/run-search.ts';
import type { JobContext } from '../../jobs/index.ts';

let rooms: VisitTrainings;

const ROWS = 500;
const LEARNER = { kind: 'gbdt', trees: 6, leaves: 4 };
const TUNE = {
  metric: 'logloss',
  folds: 3,
  trials: 3,
  pruner: 'none',
  space: { leaves: { int: [2, 16] }, learningRate: { logUniform: [0.01, 0.5] } },
};

const search = async (
  changes: Record<string, unknown>,
  { at = rooms, context = {} }: { at?: VisitTrainings; context?: Partial<JobContext> } = {},
): Promise<TrainResult> => {
  const { tune, ...others } = changes as { tune?: Record<string, unknown> };
  const definition = visitTraining({ learner: LEARNER, ...others, tune: { ...TUNE, ...tune } });
  at.features.apply({
    documents: [{ file: 'falaj.yaml', text: JSON.stringify(definition) }],
    prune: false,
  });
  return at.training.run({ ...at.context, ...context }, { name: 'buy' });
};

/** In the order in which they began, without what differs from attempt to attempt. */
const trialsOf = ({ tuning }: TrainResult, at = rooms): Omit<RunTrial, 'run' | 'figures'>[] =>
  at.training
    .trials({ id: tuning!.run })
    .trials.toSorted((a, b) => a.number - b.number)
    .map(({ run: _run, figures: _figures, ...trial }) => trial);

const mean = (values: readonly number[]): number => values.reduce((sum, one) => sum + one, 0) / values.length;

describe('a search judged by folds', () => {
  beforeEach(async () => {
    rooms = await openVisitTrainings();
    await rooms.importVisits(visitLines(ROWS, byChance));
  });
  afterEach(() => rooms.parts.close());

  it.each<[string, Record<string, unknown>]>([
    ['time', {}],
    ['groups', { split: { by: 'group', group: 'price' } }],
    ['chance', { split: { by: 'random', validation: 0 } }],
  ])('judges each trial by the mean over folds by %s, and tells how far they spread', async (_by, split) => {
    const result = await search(split);
    const board = rooms.training.trials({ id: result.tuning!.run });
    expect(board.folds).toBe(3);
    for (const { run, value, deviation, folds } of board.trials) {
      expect(folds).toHaveLength(3);
      expect(value).toBeCloseTo(mean(folds), 12);
      const squares = folds.map((fold) => (fold - value!) ** 2);
      expect(deviation).toBeCloseTo(Math.sqrt((squares[0]! + squares[1]! + squares[2]!) / 2), 12);
      const partial = rooms.tracking.history({ id: run, metric: 'foldMeanLogloss' });
      expect(partial.map(({ step }) => step)).toEqual([1, 2, 3]);
      expect(partial[1]!.value).toBeCloseTo(mean(folds.slice(0, 2)), 12);
    }
    const [best] = board.trials;
    expect(result.tuning).toMatchObject({ value: best!.value, deviation: best!.deviation });
  });

  it('tries and finds the same for any number of processors', async () => {
    const tune = { trials: 5, parallel: 2, pruner: 'asha' };
    const alone = await search({ tune });
    const together = await openVisitTrainings({ threads: 2 });
    try {
      await together.importVisits(visitLines(ROWS, byChance));
      const found = await search({ tune }, { at: together });
      expect(trialsOf(found, together)).toEqual(trialsOf(alone));
      expect(found.metrics['logloss']).toBe(alone.metrics['logloss']);
    } finally {
      together.parts.close();
    }
  });

  it('gives up a trial after the fold at which it falls behind', async () => {
    const space = { learningRate: { logUniform: [0.0001, 0.5] } };
    const result = await search({
      tune: { pruner: 'median', sampler: 'random', trials: 8, parallel: 1, space },
    });
    const given = trialsOf(result).filter(({ state }) => state === 'pruned');
    expect(given).toHaveLength(result.tuning!.pruned);
    expect(given.length).toBeGreaterThan(0);
    for (const { folds, value } of given) {
      expect(value).toBeNull();
      expect([1, 2]).toContain(folds.length);
    }
  });

  it('goes on with the folds that a trial had not ended', async () => {
    const tune = { parallel: 1 };
    const whole = await search({ tune }, { context: { id: 'whole' } });
    const stop = new AbortController();
    const seen: number[] = [];
    // The second of three trials is on its second fold.
    const progress: JobContext['progress'] = ({ step, fraction }) => {
      if (step === 'fit' && (fraction ?? 0) > 0.2 + (0.6 * 1.35) / 3) stop.abort();
    };
    const cut = search({ tune }, { context: { id: 'cut', signal: stop.signal, progress } });
    await expect(cut).rejects.toSatisfy(isCancellation);
    const before = rooms.tracking
      .list({})
      .filter(
        ({ tags, status }) => tags['job'] === 'cut' && status === 'killed' && tags[FOLDS_TAG] !== undefined,
      );
    expect(before.map(({ tags }) => (JSON.parse(tags[FOLDS_TAG]!) as unknown[]).length)).toEqual([1]);
    const resumed = await search(
      { tune },
      {
        context: {
          id: 'cut',
          log: (_level, text) => seen.push(Number(/(\d+) of 3 folds/.exec(text)?.[1] ?? 0)),
        },
      },
    );
    expect(seen.filter((folds) => folds > 0)).toEqual([1]);
    expect(trialsOf(resumed)).toEqual(trialsOf(whole));
    expect(resumed.metrics).toEqual(whole.metrics);
    // How long the fold took is what it took then: it was not learned again.
    const second = rooms.training
      .trials({ id: resumed.tuning!.run })
      .trials.find(({ number }) => number === 2)!;
    const [kept] = JSON.parse(before[0]!.tags[FOLDS_TAG]!) as unknown[];
    expect((JSON.parse(rooms.tracking.get({ id: second.run }).tags[FOLDS_TAG]!) as unknown[])[0]).toEqual(
      kept,
    );
  });

  it('begins anew where it was changed since', async () => {
    const context = { id: 'changed' };
    const first = await search({ tune: { trials: 2 } }, { context });
    const other = await search({ tune: { trials: 2 }, seed: 8 }, { context });
    const more = await search({ tune: { trials: 3 } }, { context });
    const runsOf = ({ tuning }: TrainResult): string[] =>
      rooms.training.trials({ id: tuning!.run }).trials.map(({ run }) => run);
    expect(runsOf(other)).toHaveLength(2);
    // Those of the first were adopted by the last, which only tries more.
    expect(runsOf(first)).toEqual([]);
    expect(runsOf(more)).toHaveLength(3);
  });

  it('shows the rows of a fold nothing of the labels that it is judged on', async () => {
    // Every row has a text of its own: where its label's mean came from the row itself, folds would be perfect.
    const lines = visitLines(ROWS, (_chance, random) => Number(random < 0.5))
      .trimEnd()
      .split('\n');
    const withNames = lines.map((line, row) => `${line},${row === 0 ? 'name' : `n${row}`}`);
    await rooms.importVisits(`${withNames.join('\n')}\n`);
    const result = await search({
      columns: ['name'],
      expressions: [],
      split: { by: 'random' },
      learner: { ...LEARNER, categories: 'mean' },
      tune: { metric: 'auc', trials: 1 },
    });
    for (const auc of trialsOf(result)[0]!.folds) expect(Math.abs(auc - 0.5)).toBeLessThan(0.15);
  });

  it('can be asked of the learner auto', async () => {
    const { tune: _tune, ...plain } = visitTraining({});
    const learner = { kind: 'auto', trials: 3, folds: 2 };
    rooms.features.apply({
      documents: [{ file: 'falaj.yaml', text: JSON.stringify({ ...plain, learner }) }],
      prune: false,
    });
    const { tuning } = await rooms.training.run(rooms.context, { name: 'buy' });
    const { trials } = rooms.training.trials({ id: tuning!.run });
    for (const { run } of trials) expect(rooms.training.trials({ id: run }).trials[0]!.folds).toHaveLength(2);
  });
});

describe('a definition of a search by folds', () => {
  const problems = (changes: Record<string, unknown>): string[] =>
    trainingDefinition
      .safeParse({ ...visitTraining({}), tune: TUNE, ...changes })
      .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];

  it('needs no validation part, unless the kept model stops early by it', () => {
    const split = { by: 'random', validation: 0 };
    expect(problems({ split })).toEqual([]);
    expect(problems({ split, learner: { ...LEARNER, earlyStopping: 3 } })).toEqual([
      expect.stringMatching(/^learner\.earlyStopping: .*split\.validation above 0/),
    ]);
    expect(problems({ tune: { ...TUNE, folds: 1 } })[0]).toMatch(/^tune\.folds: /);
  });

  it('says where the rows are too few for the folds', async () => {
    rooms = await openVisitTrainings();
    try {
      await rooms.importVisits(visitLines(120, byChance));
      await expect(
        search({ split: { by: 'group', group: 'town' }, tune: { folds: 5 } }),
      ).rejects.toMatchObject({
        code: 'NO_ROWS',
      });
    } finally {
      rooms.parts.close();
    }
  });
});
