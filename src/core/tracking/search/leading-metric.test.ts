import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../../test/fixtures/engine-parts.ts';
import { TrackingRoom, trackingMigrations } from '../index.ts';
import { bestByLeadingMetric } from './leading-metric.ts';

const RUNS = 1500;

interface Logged {
  readonly number: number;
  readonly value: number | null;
  readonly learner: string;
}

let parts: EngineParts;
let room: TrackingRoom;
let logged: Logged[];

/** Many runs share each value, some have none, and one in twenty learned otherwise. */
beforeEach(async () => {
  parts = await openParts([trackingMigrations]);
  room = new TrackingRoom(parts);
  logged = [];
  parts.store.transaction(() => {
    for (let number = 0; number < RUNS; number++) {
      const value = number % 11 === 0 ? null : ((number * 7919) % 101) / 101;
      const learner = number % 20 === 0 ? 'mlp' : 'gbdt';
      const { id } = room.clients.create({ experimentId: '0', name: `${number}`, startedAt: number });
      room.clients.logBatch(id, {
        params: { learner },
        metrics: value === null ? [] : [{ metric: 'auc', step: 1, at: 1, value }],
      });
      logged.push({ number, value, learner });
    }
  });
});
afterEach(() => parts.close());

function expected(descending: boolean, wanted: (run: Logged) => boolean): string[] {
  const missing = descending ? -Infinity : Infinity;
  const sign = descending ? -1 : 1;
  return logged
    .filter(wanted)
    .sort((one, other) => {
      const [value, otherValue] = [one.value ?? missing, other.value ?? missing];
      return value === otherValue ? other.number - one.number : sign * (value < otherValue ? -1 : 1);
    })
    .map(({ number }) => `${number}`);
}

describe('an order that begins with a metric', () => {
  it.each([
    [0, 20],
    [37, 10],
    [RUNS - 30, 60],
  ])('gives the window from %i of %i as sorting all runs does, equals newest first', (offset, limit) => {
    for (const descending of [false, true])
      for (const learner of [undefined, 'gbdt', 'mlp']) {
        const request = {
          orderBy: [`metrics.auc ${descending ? 'DESC' : 'ASC'}`],
          ...(learner === undefined ? {} : { filter: `params.learner = '${learner}'` }),
        };
        const all = expected(descending, (run) => learner === undefined || run.learner === learner);
        const wanted = all.slice(offset, offset + limit);
        const listed = room.search({ ...request, offset, limit });
        expect(listed.runs.map(({ name }) => name)).toEqual(wanted);
        const found = room.clients.search({
          ...request,
          experimentIds: ['0'],
          limit,
          pageToken: Buffer.from(`offset:${offset}`).toString('base64url'),
        });
        expect(found.items.map(({ name }) => name)).toEqual(wanted);
        expect(found.nextPageToken === null).toBe(offset + limit >= all.length);
      }
  });

  it('looks through the best runs alone', () => {
    const best = bestByLeadingMetric(parts.store, ['metrics.auc DESC', 'params.learner'], 10, 'r.id')!;
    const looked = parts.store
      .statement<{ runs: number }>(`SELECT count(*) AS runs FROM tracking_run AS r WHERE ${best.sql}`)
      .get(...best.values)!.runs;
    expect(looked).toBeGreaterThan(10);
    expect(looked).toBeLessThan(RUNS * 0.6);
  });

  it('says nothing of other orders, and of metrics that few runs have', () => {
    for (const orderBy of [[], ['params.learner', 'metrics.auc'], ['metrics.loss'], ['attributes.run_name']])
      expect(bestByLeadingMetric(parts.store, orderBy, 10, 'r.id')).toBeNull();
    expect(bestByLeadingMetric(parts.store, ['metrics.auc'], RUNS, 'r.id')).toBeNull();
  });
});
