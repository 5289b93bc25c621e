import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { byChance, visitLines } from '../../../../test/fixtures/visit-lines.ts';
import {
  openVisitTrainings,
  type VisitTrainings,
  visitTraining,
} from '../../../../test/fixtures/visit-trainings.ts';
import type { Run } from '../../../shared/contract/types.ts';
import { trainingDefinition } from '../../../shared/definitions/training.ts';
import { isCancellation } from '../../../shared/errors.ts';
import { PARENT_TAG, PRUNED_TAG, SEARCH_TAG, TRIAL_TAG } from '../../../shared/run-search.ts';

let rooms: VisitTrainings;

const TUNE = {
  metric: 'logloss',
  trials: 8,
  sampler: 'random',
  pruner: 'none',
  space: {
    leaves: { int: [2, 32] },
    learningRate: { logUniform: [0.01, 0.5] },
    rowSampling: { choice: [0.5, 1] },
  },
};

/** Applies a training under its name, so that it can be run by a job. */
function apply(tune: Record<string, unknown>, more: Record<string, unknown> = {}): void {
  const text = JSON.stringify(visitTraining({ ...more, tune: { ...TUNE, ...tune } }));
  rooms.features.apply({ documents: [{ file: 'falaj.yaml', text }], prune: false });
}

const trialsOf = (parent: string): Run[] =>
  rooms.tracking
    .list({})
    .filter(({ tags }) => tags[PARENT_TAG] === parent && tags[TRIAL_TAG] !== undefined)
    .sort((a, b) => Number(a.tags[TRIAL_TAG]) - Number(b.tags[TRIAL_TAG]));

describe('a tuned training', () => {
  beforeEach(async () => {
    rooms = await openVisitTrainings();
    await rooms.importVisits(visitLines(2000, byChance));
  });
  afterEach(() => rooms.parts.close());

  it('keeps its trials as runs under one, learns with the best and registers it', async () => {
    apply({});
    const result = await rooms.training.run(rooms.context, { name: 'buy' });
    const { tuning, run, model } = result;
    expect(tuning).toMatchObject({ trials: 8, pruned: 0, metric: 'logloss' });
    const trials = trialsOf(tuning!.run);
    expect(trials).toHaveLength(8);
    const best = trials.reduce((a, b) =>
      a.metrics['validationLogloss']! <= b.metrics['validationLogloss']! ? a : b,
    );
    expect(tuning!.value).toBe(best.metrics['validationLogloss']);
    expect(
      Object.fromEntries(Object.entries(tuning!.best).map(([name, value]) => [name, String(value)])),
    ).toEqual({
      leaves: best.params['leaves'],
      learningRate: best.params['learningRate'],
      rowSampling: best.params['rowSampling'],
    });
    const kept = rooms.tracking.get({ id: run });
    expect(kept.params).toMatchObject({ leaves: best.params['leaves'] });
    expect(kept.tags[PARENT_TAG]).toBe(tuning!.run);
    expect(model).toEqual({ name: 'buyers', version: 1 });
    const parent = rooms.tracking.get({ id: tuning!.run });
    expect(parent).toMatchObject({ status: 'finished', model });
    expect(JSON.parse(parent.tags[SEARCH_TAG]!)).toEqual(TUNE.space);
    const curve = rooms.tracking
      .history({ id: parent.id, metric: 'bestValidationLogloss' })
      .map(({ value }) => value);
    expect(curve).toEqual([...curve].sort((a, b) => b - a));
    const board = rooms.training.trials(parent);
    // Whoever has the run of the model, or of a trial, finds the search.
    expect(rooms.training.trials(kept)).toEqual(board);
    expect(rooms.training.trials(best)).toEqual(board);
    expect(board).toMatchObject({
      run: parent.id,
      metric: 'logloss',
      isGreaterBetter: false,
      settings: Object.keys(TUNE.space),
    });
    expect(board.trials[0]).toMatchObject({ run: best.id, value: tuning!.value, state: 'finished' });
    expect(board.figures.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['logloss', 'auc', 'fitSeconds']),
    );
    for (const { figures } of board.trials) expect(figures['fitSeconds']).toBeGreaterThan(0);
    // Eight trials are too few to say what matters.
    expect(board.importance).toEqual([]);
    expect(board).toMatchObject({
      planned: 8,
      counts: { running: 0, finished: 8, pruned: 0, stopped: 0, failed: 0 },
    });
    // Trials know nothing of the test part.
    for (const { metrics } of trials)
      expect(Object.keys(metrics).filter((name) => name === 'auc')).toEqual([]);
  });

  it('goes on after the trials of an earlier attempt with what would have come next', async () => {
    // The last is the first that is not drawn at random.
    apply({ sampler: 'tpe', trials: 11, parallel: 1 }, { learner: { kind: 'gbdt', trees: 5 } });
    const whole = await rooms.training.run({ ...rooms.context, id: 'undisturbed' }, { name: 'buy' });
    const [explained, ...others] = rooms.training.trials({ id: whole.tuning!.run }).importance;
    expect(others).toEqual([]);
    expect(explained!.metric).toBe('logloss');
    expect(explained!.settings.map(({ setting }) => setting).sort()).toEqual(Object.keys(TUNE.space).sort());
    for (const { share } of explained!.settings) expect(share).toBeGreaterThanOrEqual(0);
    const wanted = trialsOf(whole.tuning!.run).map(({ params }) => params);

    const stop = new AbortController();
    const stopped = { ...rooms.context, id: 'disturbed', signal: stop.signal };
    const attempt = rooms.training.run(
      { ...stopped, progress: ({ detail }) => detail?.startsWith('10 /') === true && stop.abort() },
      { name: 'buy' },
    );
    await expect(attempt).rejects.toSatisfy(isCancellation);
    const resumed = await rooms.training.run({ ...rooms.context, id: 'disturbed' }, { name: 'buy' });
    expect(trialsOf(resumed.tuning!.run).map(({ params }) => params)).toEqual(wanted);
    expect(resumed.tuning!.best).toEqual(whole.tuning!.best);
    expect(resumed.metrics).toEqual(whole.metrics);
  }, 60_000);

  it('tries the same side by side as one after another on a machine with fewer processors', async () => {
    const tune = { sampler: 'tpe', pruner: 'median', trials: 16, parallel: 3 };
    const foundWith = async (threads: number) => {
      const own = await openVisitTrainings({ threads });
      try {
        await own.importVisits(visitLines(2000, byChance));
        const text = JSON.stringify(visitTraining({ tune: { ...TUNE, ...tune } }));
        own.features.apply({ documents: [{ file: 'falaj.yaml', text }], prune: false });
        let most = 0;
        const counted = {
          ...own.context,
          progress: () => {
            const running = own.tracking.list({}).filter((run) => run.status === 'running');
            most = Math.max(most, running.filter(({ tags }) => tags[TRIAL_TAG] !== undefined).length);
          },
        };
        const { tuning } = await own.training.run(counted, { name: 'buy' });
        const trials = own.tracking
          .list({ parent: tuning!.run })
          .filter(({ tags }) => tags[TRIAL_TAG] !== undefined)
          .sort((a, b) => Number(a.tags[TRIAL_TAG]) - Number(b.tags[TRIAL_TAG]))
          .map((run) => ({
            settings: run.params,
            pruned: run.tags[PRUNED_TAG] ?? 'false',
            logloss: run.metrics['validationLogloss'],
          }));
        return { most, found: { trials, best: tuning!.best } };
      } finally {
        own.parts.close();
      }
    };
    const alone = await foundWith(1);
    const together = await foundWith(3);
    expect(alone.most).toBe(1);
    expect(together.most).toBe(3);
    expect(together.found).toEqual(alone.found);
  }, 120_000);

  it('gives up trials that fall behind, and says so of them', async () => {
    apply({
      pruner: 'median',
      trials: 16,
      sampler: 'random',
      space: { learningRate: { logUniform: [0.0001, 0.5] } },
    });
    const { tuning } = await rooms.training.run(rooms.context, { name: 'buy' });
    const pruned = trialsOf(tuning!.run).filter(({ tags }) => tags[PRUNED_TAG] === 'true');
    expect(pruned.length).toBe(tuning!.pruned);
    expect(pruned.length).toBeGreaterThan(0);
    for (const { status, params } of pruned) {
      expect(status).toBe('killed');
      expect(Number(params['learningRate'])).toBeLessThan(Number(tuning!.best['learningRate']));
    }
  }, 60_000);

  it('begins no trial after its time', async () => {
    apply({ timeLimit: '1us', trials: 500 });
    const { tuning } = await rooms.training.run(rooms.context, { name: 'buy' });
    expect(tuning!.trials).toBe(1);
  });
});

describe('the learner auto', () => {
  beforeEach(async () => {
    rooms = await openVisitTrainings();
    await rooms.importVisits(visitLines(2000, byChance));
  });
  afterEach(() => rooms.parts.close());

  const applyAuto = (learner: unknown, more: Record<string, unknown> = {}): void => {
    const text = JSON.stringify({ ...visitTraining(more), learner });
    rooms.features.apply({ documents: [{ file: 'falaj.yaml', text }], prune: false });
  };

  it('searches with every learner, shows how each did, and learns with the best', async () => {
    applyAuto({ kind: 'auto', trials: 6, metric: 'auc' });
    const { tuning, run, model } = await rooms.training.run(rooms.context, { name: 'buy' });
    const parent = rooms.tracking.get({ id: tuning!.run });
    const board = rooms.training.trials(parent);
    expect(board.trials.map(({ settings }) => settings['learner']).sort()).toEqual(['gbdt', 'linear', 'mlp']);
    const values = board.trials.map(({ value }) => value!);
    expect(values).toEqual([...values].sort((a, b) => b - a));
    expect(tuning).toMatchObject({
      metric: 'auc',
      value: values[0],
      best: { learner: board.trials[0]!.settings['learner'] },
    });
    expect(rooms.tracking.get({ id: run }).params['learner']).toBe(board.trials[0]!.settings['learner']);
    expect(model).toEqual({ name: 'buyers', version: 1 });
    // Below each of them lie its own trials.
    for (const { run: id } of board.trials) expect(trialsOf(id).length).toBeGreaterThan(0);
  }, 60_000);

  it('says so when its time is too short for any', async () => {
    applyAuto({ kind: 'auto', timeLimit: '1ms' });
    await expect(rooms.training.run(rooms.context, { name: 'buy' })).rejects.toMatchObject({
      code: 'TIMED_OUT',
    });
  });

  it('says what is wrong with the rows when no learner can learn from them', async () => {
    applyAuto('auto', { label: { column: 'bought', expression: 'bought >= 0' } });
    await expect(rooms.training.run(rooms.context, { name: 'buy' })).rejects.toMatchObject({
      code: 'LABEL_UNUSABLE',
      message: expect.stringContaining('one value only'),
    });
  });

  it('can be written as one word, and takes no search beside its own', () => {
    const written = (more: Record<string, unknown>) =>
      trainingDefinition.safeParse({ ...visitTraining({}), learner: 'auto', ...more });
    expect(written({}).success).toBe(true);
    expect(written({ tune: TUNE }).error!.issues[0]!.path).toEqual(['tune']);
    expect(written({ split: { validation: 0 } }).error!.issues[0]!.path).toEqual(['learner']);
  });
});

describe('a search that cannot be carried out', () => {
  const problems = (tune: Record<string, unknown>, more: Record<string, unknown> = {}): string[] =>
    trainingDefinition
      .safeParse({ ...visitTraining({}), ...more, tune: { ...TUNE, ...tune } })
      .error!.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);

  it.each([
    [
      { space: { leafs: { int: [2, 9] } } },
      'tune.space.leafs: the learner gbdt has no setting "leafs": did you mean leaves?',
    ],
    [
      { space: { leaves: { int: [9, 2] } } },
      'tune.space.leaves: int goes from the smaller to the greater bound',
    ],
    [{ space: { leaves: { int: [2, 900] } } }, 'tune.space.leaves: 900 is not a value of leaves'],
    [
      { space: { learningRate: { logUniform: [0, 1] } } },
      'tune.space.learningRate: logUniform starts above 0',
    ],
    [{ space: { leaves: { int: [2, 9], uniform: [2, 9] } } }, 'tune.space.leaves: give one of'],
    [
      { space: { minRowsPerLeaf: { choice: [0, 5] } } },
      'tune.space.minRowsPerLeaf: 0 is not a value of minRowsPerLeaf',
    ],
    [
      { space: { categories: { choice: ['native', 'mean'] } } },
      'tune.space.categories: the learner gbdt has no setting',
    ],
    [{ space: {} }, 'tune.space: name at least one hyperparameter'],
    [{ metric: 'rmse' }, 'tune.metric: a binary label has no metric "rmse"'],
    [{ timeLimit: 'soon' }, 'tune.timeLimit: a length of time'],
  ])('is refused when it is read: %j', (tune, message) => {
    expect(problems(tune).some((one) => one.startsWith(message))).toBe(true);
  });

  it('is refused without a validation part', () => {
    expect(problems({}, { split: { by: 'time', validation: 0 } })[0]).toContain('split.validation');
  });
});
