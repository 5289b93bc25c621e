import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { byChance, visitLines } from '../../../../test/fixtures/visit-lines.ts';
import {
  openVisitTrainings,
  type VisitTrainings,
  visitTraining,
} from '../../../../test/fixtures/visit-trainings.ts';
import type { RunTrials } from '../../../shared/contract/types.ts';
import { type TrainResult, trainingDefinition } from '../../../shared/definitions/training.ts';
import { isCancellation } from '../../../shared/errors.ts';
import type { JobContext } from '../../jobs/index.ts';

let rooms: VisitTrainings;
/** Of one job the trials of an earlier attempt count: each search is a job of its own. */
let searches = 0;

const LEARNER = { kind: 'gbdt', leaves: 4 };
const TUNE = {
  objectives: [{ metric: 'logloss' }, { metric: 'trees', direction: 'minimize' }],
  trials: 6,
  space: { trees: { logInt: [1, 40] }, learningRate: { logUniform: [0.05, 0.5] } },
};

const search = async (
  changes: Record<string, unknown>,
  context: Partial<JobContext> = {},
): Promise<{ readonly result: TrainResult; readonly board: RunTrials }> => {
  const { tune, ...others } = changes as { tune?: Record<string, unknown> };
  const definition = visitTraining({ learner: LEARNER, ...others, tune: { ...TUNE, ...tune } });
  rooms.features.apply({
    documents: [{ file: 'falaj.yaml', text: JSON.stringify(definition) }],
    prune: false,
  });
  const result = await rooms.training.run(
    { ...rooms.context, id: `job ${++searches}`, ...context },
    { name: 'buy' },
  );
  return { result, board: rooms.training.trials({ id: result.tuning!.run }) };
};

describe('a search of several objectives', () => {
  beforeAll(async () => {
    rooms = await openVisitTrainings();
    await rooms.importVisits(visitLines(500, byChance));
  });
  afterAll(() => rooms.parts.close());

  it('shows the trials that no other beats in all of them, and learns with the best of the first', async () => {
    const { result, board } = await search({});
    expect(board.objectives).toEqual([
      { name: 'logloss', isGreaterBetter: false },
      { name: 'trees', isGreaterBetter: false },
    ]);
    const figures = board.trials.map((trial) => [trial.figures['logloss']!, trial.figures['trees']!]);
    const isBeaten = ([loss, trees]: number[]): boolean =>
      figures.some(([a, b]) => a! <= loss! && b! <= trees! && (a! < loss! || b! < trees!));
    expect(board.trials.map(({ isOnFront }) => isOnFront)).toEqual(figures.map((own) => !isBeaten(own)));
    const front = board.trials.filter(({ isOnFront }) => isOnFront);
    // The front comes first, by the first objective.
    expect(board.trials.slice(0, front.length)).toEqual(front);
    expect(board.trials.filter(({ isKept }) => isKept)).toEqual(front.slice(0, 1));
    expect(result.tuning).toMatchObject({
      front: front.length,
      pruned: 0,
      metric: 'logloss',
      value: front[0]!.value,
      objectives: [
        { metric: 'logloss', value: front[0]!.value },
        { metric: 'trees', value: front[0]!.figures['trees'] },
      ],
      best: { trees: Number(front[0]!.settings['trees']) },
    });
    const best = rooms.tracking.history({ id: result.tuning!.run, metric: 'bestValidationLogloss' });
    expect(best.at(-1)!.value).toBe(front[0]!.value);
  });

  it('goes on after the trials of an earlier attempt, and finds the same front', async () => {
    const tune = { trials: 4, parallel: 2, choose: 'knee' };
    const whole = await search({ tune });
    const stop = new AbortController();
    const progress: JobContext['progress'] = ({ detail }) =>
      detail?.startsWith('2 /') === true && stop.abort();
    const cut = { id: 'cut', progress, signal: stop.signal };
    await expect(search({ tune }, cut)).rejects.toSatisfy(isCancellation);
    const resumed = await search({ tune }, { id: 'cut' });
    const found = ({ board }: typeof whole) =>
      board.trials.map(({ number, settings, value, isOnFront, isKept }) => ({
        number,
        settings,
        value,
        isOnFront,
        isKept,
      }));
    expect(found(resumed)).toEqual(found(whole));
    expect(resumed.result.tuning).toEqual({ ...whole.result.tuning, run: resumed.result.tuning!.run });
  });

  it('keeps another of the front when it is asked to, judged by folds, by any costs', async () => {
    const objectives = [{ metric: 'auc' }, { metric: 'modelBytes' }, { metric: 'predictMicrosPerRow' }];
    const { result, board } = await search({
      tune: { objectives, folds: 2, choose: { metric: 'modelBytes' }, sampler: 'random' },
    });
    const kept = board.trials.find(({ isKept }) => isKept)!;
    const bytes = board.trials.map(({ figures }) => figures['modelBytes']!);
    expect(kept.figures['modelBytes']).toBe(Math.min(...bytes));
    expect(kept.isOnFront).toBe(true);
    expect(kept.deviation).toBe(result.tuning!.deviation);
    for (const { figures } of board.trials) expect(figures['predictMicrosPerRow']).toBeGreaterThan(0);
    expect(rooms.tracking.get({ id: kept.run }).metrics['modelBytesDeviation']).toBeGreaterThanOrEqual(0);
  });

  it.each([
    ['linear', { l1: { logUniform: [0.01, 300] } }],
    ['mlp', { learningRate: { logUniform: [0.001, 0.1] } }],
  ])('counts the parameters of a learner that has them: %s', async (kind, space) => {
    const learner = kind === 'mlp' ? { kind, hidden: [4], epochs: 1 } : { kind };
    const objectives = [{ metric: 'logloss' }, { metric: 'parameters' }];
    const { board } = await search({ learner, tune: { objectives, space, trials: 2, parallel: 1 } });
    for (const { figures } of board.trials) expect(figures['parameters']).toBeGreaterThan(0);
  });
});

describe('a definition of several objectives', () => {
  const problems = (tune: Record<string, unknown>): string[] =>
    trainingDefinition
      .safeParse({ ...visitTraining({ learner: LEARNER }), tune: { ...TUNE, ...tune } })
      .error?.issues.map(({ path, message }) => `${path.join('.')}: ${message}`) ?? [];
  const [logloss, trees] = TUNE.objectives;

  it.each<[Record<string, unknown>, string]>([
    [
      { objectives: [logloss, { metric: 'tree' }] },
      'tune.objectives.1.metric: a binary label learned by gbdt has no metric "tree": did you mean trees?',
    ],
    [
      { objectives: [{ metric: 'parameters' }, trees] },
      'tune.objectives.0.metric: a binary label learned by gbdt has no metric "parameters": there are auc, ',
    ],
    [{ objectives: [logloss, logloss] }, 'tune.objectives.1.metric: logloss is an objective already'],
    [
      { objectives: [{ metric: 'auc', direction: 'minimize' }, trees] },
      'tune.objectives.0.direction: more auc is better: maximize it',
    ],
    [{ objectives: [logloss] }, 'tune.objectives: '],
    [{ metric: 'auc' }, 'tune.metric: trials are judged by the objectives'],
    [{ pruner: 'median' }, 'tune.pruner: a trial that is behind in one objective may lead in another'],
    [{ choose: { metric: 'auc' } }, 'tune.choose: "auc" is no objective; there are logloss, trees'],
    [{ choose: { metric: 'logloss', within: 0.1 } }, 'tune.choose: within says how much of logloss'],
    [{ objectives: undefined, choose: 'knee' }, 'tune.choose: with one objective the best trial is kept'],
  ])('is refused when it is read: %j', (tune, message) => {
    expect(problems(tune)[0]).toContain(message);
  });

  it('is taken with a pruner of none, and with each choice', () => {
    for (const choose of [undefined, 'knee', { metric: 'trees' }, { metric: 'trees', within: 0.01 }])
      expect(problems({ pruner: 'none', choose })).toEqual([]);
  });
});
