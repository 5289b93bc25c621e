import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { byChance, VISIT_TOWNS, visitLines } from '../../../../test/fixtures/visit-lines.ts';
import {
  openVisitTrainings,
  type VisitTrainings,
  visitTraining,
} from '../../../../test/fixtures/visit-trainings.ts';
import { isCancellation } from '../../../shared/errors.ts';
import type { JobContext } from '../../jobs/index.ts';
import { inputChanges, readInputs, type SearchInputs } from './search-inputs.ts';

const INPUTS: SearchInputs = {
  datasets: [{ name: 'visits', version: 1, digest: 'a' }],
  views: [{ view: 'towns', name: 'rents', version: 1, digest: 'b' }],
  contentHash: 'c',
};

describe('what trials read', () => {
  it('is named where it changed, and only where other values came of it', () => {
    const views = [{ view: 'towns', name: 'rents', version: 2, digest: 'd' }];
    expect(inputChanges(INPUTS, INPUTS)).toEqual([]);
    expect(inputChanges(INPUTS, { ...INPUTS, views })).toEqual([]);
    expect(inputChanges(INPUTS, { ...INPUTS, views, contentHash: 'e' })).toEqual([
      'the history of the feature view towns has changed, rents is version 2 and was version 1',
    ]);
    const datasets = [{ name: 'visits', version: 3, digest: 'f' }];
    expect(inputChanges(INPUTS, { ...INPUTS, datasets, contentHash: 'e' })).toEqual([
      'the dataset visits is version 3 and was version 1',
    ]);
    expect(inputChanges(INPUTS, { ...INPUTS, contentHash: 'e' })).toEqual(['its features have other values']);
  });

  it('is read from a tag, which others may have written', () => {
    expect(readInputs(JSON.stringify(INPUTS))).toEqual(INPUTS);
    for (const tag of [undefined, '{', '{"datasets": 1}']) expect(readInputs(tag)).toBeNull();
  });
});

describe('a search over a feature view', () => {
  let rooms: VisitTrainings;
  let logged: string[];

  beforeEach(async () => {
    rooms = await openVisitTrainings();
    logged = [];
    await rooms.importVisits(visitLines(300, byChance));
    await importRents([100, 200, 300, 400], '2025-12-01T00:00:00Z');
    const documents = [
      { kind: 'Entity', name: 'town', keys: [{ name: 'town', type: 'string' }] },
      {
        kind: 'FeatureView',
        name: 'towns',
        entities: ['town'],
        source: { dataset: 'rents' },
        features: [{ name: 'rent' }],
      },
      { kind: 'FeatureService', name: 'towns_v1', features: ['towns:rent'] },
      visitTraining({
        service: 'towns_v1',
        learner: { kind: 'gbdt', trees: 3, leaves: 4 },
        tune: { metric: 'logloss', trials: 4, parallel: 1, space: { leaves: { int: [2, 16] } } },
      }),
    ].map((document, place) => ({ file: `${place}.yaml`, text: JSON.stringify(document) }));
    rooms.features.apply({ documents, prune: false });
  });
  afterEach(() => rooms.parts.close());

  async function importRents(rents: readonly number[], at: string): Promise<void> {
    const file = path.join(rooms.parts.folder, 'rents.csv');
    const lines = VISIT_TOWNS.map((town, place) => `${town},${at},${rents[place]!}`);
    writeFileSync(file, `${['town,at,rent', ...lines].join('\n')}\n`);
    await rooms.data.import(rooms.context, {
      name: 'rents',
      files: [file],
      eventTime: 'at',
      labels: [],
      purposes: [],
      every: 1,
      derive: [],
    });
  }

  const attempt = (more: Partial<JobContext> = {}) =>
    rooms.training.run(
      { ...rooms.context, id: 'one', log: (_level, text) => logged.push(text), ...more },
      { name: 'buy' },
    );

  async function stopAfterTwo(): Promise<void> {
    const stop = new AbortController();
    const progress: JobContext['progress'] = ({ detail }) => {
      if (detail?.startsWith('2 /') === true) stop.abort();
    };
    await expect(attempt({ signal: stop.signal, progress })).rejects.toSatisfy(isCancellation);
    logged = [];
  }

  it('begins anew where the history of the view has changed since, and says so', async () => {
    await stopAfterTwo();
    await importRents([900, 20, 30, 7], '2025-12-01T00:00:00Z');
    const { tuning } = await attempt();
    expect(logged).toContain(
      'Begins anew: the history of the feature view towns has changed, rents is version 2 and was version 1. The trials of the earlier attempt do not count.',
    );
    const { trials } = rooms.training.trials({ id: tuning!.run });
    expect(trials.map(({ number }) => number).toSorted()).toEqual([1, 2, 3, 4]);
    for (const { run } of trials)
      expect(
        rooms.tracking.get({ id: run }).startedAt >= rooms.tracking.get({ id: tuning!.run }).startedAt,
      ).toBe(true);
  }, 60_000);

  it('goes on where another version comes to the same values', async () => {
    await stopAfterTwo();
    // A day sooner, and the same rents: no row of the training sees a difference.
    await importRents([100, 200, 300, 400], '2025-11-30T00:00:00Z');
    await attempt();
    expect(logged.filter((text) => text.startsWith('Begins anew'))).toEqual([]);
    expect(logged).toContain('Goes on after 2 trials of an earlier attempt.');
  }, 60_000);
});
