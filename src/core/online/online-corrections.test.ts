import fc from 'fast-check';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { OnlineFixture } from '../../../test/fixtures/online-fixture.ts';
import { type Column, microsToIso } from '../../shared/table/column.ts';

let fixture: OnlineFixture;

beforeEach(async () => {
  fixture = await OnlineFixture.open();
});
afterEach(() => fixture.parts.close());

const DEFINITIONS = `
kind: Entity
name: thing
keys: [{name: thing, type: int64}]
---
kind: FeatureView
name: facts
entities: [thing]
source: {dataset: DATASET}
features:
  - {name: value}
  - {name: sum_4s, aggregate: {fn: sum, of: value, window: 4s}}
---
kind: FeatureService
name: all
features: ["facts:*"]
`;
const START = Date.UTC(2026, 0, 10) * 1000;
const second = (seconds: number): number => START + seconds * 1_000_000;
const times = { eventTime: 'event', knownTime: 'known', keys: ['id'] };
const things: Column = {
  name: 'thing',
  type: 'int64',
  validity: null,
  values: Float64Array.from([1, 2]),
};

interface Fact {
  readonly id: number;
  readonly event: number;
  readonly known: number;
  readonly thing: number;
  readonly value: number;
}

const csvOf = (rows: readonly Fact[]): string =>
  [
    'id,event,known,thing,value',
    ...rows.map(({ id, event, known, thing, value }) =>
      [id, microsToIso(second(event)), microsToIso(second(known)), thing, value].join(','),
    ),
  ].join('\n');

let datasets = 0;
const newDataset = (): { name: string; service: string; view: string } => {
  const suffix = `_${datasets++}`;
  fixture.nowMs = START / 1000;
  return { name: `orders${suffix}`, service: `all${suffix}`, view: `facts${suffix}` };
};
const define = ({ name, service, view }: ReturnType<typeof newDataset>): void =>
  fixture.apply(
    DEFINITIONS.replace('DATASET', name)
      .replaceAll(/name: all\b/g, `name: ${service}`)
      .replace('name: facts', `name: ${view}`)
      .replace('"facts:', `"${view}:`),
  );

const online = async (service: string, at: number) =>
  (
    await fixture.read({
      service,
      keys: [{ thing: 1 }, { thing: 2 }],
      at: microsToIso(second(at)),
    })
  ).map(({ values }) => values);

it('a row counts online until its correction is known, and its correction from then on', async () => {
  const one = newDataset();
  await fixture.import(
    one.name,
    csvOf([
      { id: 1, event: 1, known: 1, thing: 1, value: 10 },
      { id: 2, event: 2, known: 2, thing: 1, value: 20 },
    ]),
    times,
  );
  define(one);
  // What was thing 1's turns out to have been thing 2's; this is known from the 8th second.
  await fixture.import(
    one.name,
    csvOf([{ id: 2, event: 2, known: 8, thing: 2, value: 21 }]),
    times,
    'upsert',
  );
  fixture.nowMs = second(5) / 1000;
  await fixture.online.materialize(fixture.work, { view: one.view });
  const value = async (at: number) =>
    (await online(one.service, at)).map((values) => values[`${one.view}__value`]);
  expect(await value(1)).toEqual([10, null]);
  expect(await value(5)).toEqual([20, null]);
  expect(await value(7.999999)).toEqual([20, null]);
  expect(await value(8)).toEqual([10, 21]);
});

it('what was added and left out at once is asked of the history', async () => {
  const one = newDataset();
  const fact = (id: number, known: number, thing: number, value: number): Fact => ({
    id,
    event: 0,
    known,
    thing,
    value,
  });
  await fixture.import(one.name, csvOf([fact(1, 5, 2, 0)]), times);
  define(one);
  await fixture.online.materialize(fixture.work, { view: one.view });
  fixture.nowMs = second(4) / 1000;
  await fixture.import(one.name, csvOf([fact(2, 1, 2, -5), fact(3, 2, 2, -3)]), times, 'append');
  await fixture.online.materialize(fixture.work, { view: one.view });
  const value = async (at: number) => (await online(one.service, at))[1]![`${one.view}__value`];
  expect(await Promise.all([0, 1, 2, 5].map(value))).toEqual([null, -5, -3, 0]);
});

const anyFact = fc.record({
  id: fc.integer({ min: 1, max: 4 }),
  event: fc.integer({ min: 0, max: 3 }),
  known: fc.integer({ min: 0, max: 12 }),
  thing: fc.integer({ min: 1, max: 2 }),
  value: fc.integer({ min: -5, max: 5 }),
});
/** A file names each key and event time once. */
const anyFile = fc.uniqueArray(anyFact, {
  minLength: 1,
  maxLength: 5,
  selector: ({ id, event }) => id * 10 + event,
});

it('of rows that come and are corrected in any order, online says at any instant what the join says', async () => {
  await fc.assert(
    fc.asyncProperty(
      anyFile,
      fc.array(fc.record({ rows: anyFile, mode: fc.constantFrom('upsert' as const, 'append' as const) }), {
        minLength: 1,
        maxLength: 3,
      }),
      fc.array(fc.boolean(), { minLength: 3, maxLength: 3 }),
      async (first, later, fills) => {
        const one = newDataset();
        await fixture.import(one.name, csvOf(first), times);
        define(one);
        for (const [index, { rows, mode }] of later.entries()) {
          fixture.nowMs += 2000;
          await fixture.import(one.name, csvOf(rows), times, mode);
          if (fills[index] || index === later.length - 1) {
            await fixture.online.materialize(fixture.work, { view: one.view });
          }
        }
        for (const at of [0, 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 13]) {
          expect([at, await online(one.service, at)]).toEqual([
            at,
            await fixture.offline(one.service, [things], second(at)),
          ]);
        }
      },
    ),
    // Shrinking a case that failed ends in time for its report.
    { numRuns: 12, interruptAfterTimeLimit: 120_000, markInterruptAsFailure: true },
  );
}, 180_000);
