import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createWindowSweep, emptyWindow, partitionRows } from '../../../../numerics/windows/index.ts';
import type { AggregateFunction, FeatureDefinition } from '../../../../shared/definitions/features.ts';
import type { NumberColumn } from '../../../../shared/table/column.ts';
import { aggregateRequests, functionsOf } from '../aggregate-requests.ts';
import { historyKeyPart } from '../keys/history-keys.ts';
import { spineKeyIds, spineKeyPart } from '../keys/spine-keys.ts';
import { prepareHistory } from './feature-task.ts';
import { computeWindows, partitionWindows } from './window-task.ts';

const FUNCTIONS: readonly AggregateFunction[] = [
  'count',
  'sum',
  'mean',
  'stddev',
  'min',
  'max',
  'last',
  'distinct_count',
  'p50',
];
const features = FUNCTIONS.flatMap((fn) =>
  [false, true].map(
    (exclusive): FeatureDefinition => ({
      name: `${fn}${String(exclusive)}`,
      type: 'float64',
      aggregate: { fn, of: 'amount', window: '40us', exclusive },
    }),
  ),
);

const column = (
  name: string,
  type: NumberColumn['type'],
  values: readonly (number | null)[],
): NumberColumn => ({
  name,
  type,
  values: Float64Array.from(values, Number),
  validity: Uint8Array.from(values, (value) => (value === null ? 0 : 1)),
});

const key = fc.option(fc.integer({ min: 0, max: 12 }), { freq: 20 });
const time = fc.integer({ min: 0, max: 100 });
const fact = fc.record({
  key,
  event: time,
  delay: fc.integer({ min: 0, max: 60 }),
  amount: fc.option(fc.constantFrom(0.1, 0.7, 3, 1e16, -1e16, 5e-9)),
});
const MOST_ROWS = 20;

describe('windows computed key partition by key partition', () => {
  it('are to the bit those of one sweep over all keys, within the bound', () => {
    const check = fc.property(
      fc.array(fact, { maxLength: 150 }),
      fc.array(fc.record({ key, time: fc.oneof(time, fc.constant(Number.NaN)) }), {
        minLength: 1,
        maxLength: 80,
      }),
      fc.constantFrom('row' as const, 50, null),
      (facts, questions, knownCut) => {
        const amount = column(
          'amount',
          'float64',
          facts.map((one) => one.amount),
        );
        const shop = column(
          'shop',
          'int64',
          facts.map((one) => one.key),
        );
        const asked = column(
          'shop',
          'int64',
          questions.map((one) => one.key),
        );
        const history = {
          event: Float64Array.from(facts, (one) => one.event),
          known: Float64Array.from(facts, (one) => one.event + one.delay),
          until: null,
          knownCut,
        };
        const prepared = prepareHistory({
          ...history,
          keys: [historyKeyPart(shop)],
          hasRowFeatures: false,
          hasAggregates: true,
        });
        const times = Float64Array.from(questions, (one) => one.time);
        const keys = [spineKeyPart('shop', shop, asked)];
        const { keys: met, partitions } = partitionWindows({ prepared, keys, rows: times.length }, MOST_ROWS);
        const requests = aggregateRequests(features).map((request) => ({
          request,
          source: amount,
          outputs: functionsOf(request).map((fn) => new Float64Array(times.length).fill(emptyWindow(fn))),
        }));
        for (const partition of partitions) {
          const held = partitionRows(met, partition);
          expect(
            held.history.rows.length + held.spine.rows.length <= MOST_ROWS ||
              new Set(held.history.key).size === 1,
          ).toBe(true);
          computeWindows({ keys: met, partition, history, time: times, requests });
        }

        const ids = new Uint32Array(facts.length).fill(0xffffffff);
        for (let id = 0; id + 1 < prepared.runs!.starts.length; id++)
          for (const row of prepared.runs!.rows.subarray(
            prepared.runs!.starts[id],
            prepared.runs!.starts[id + 1],
          ))
            ids[row] = id;
        const sweep = createWindowSweep(
          { ...history, key: ids },
          { key: spineKeyIds(keys, prepared.keyIndex, times.length), time: times, knownCut },
        );
        for (const { request, outputs } of requests) {
          const whole = sweep.aggregate({
            values: Float64Array.from(facts, ({ amount: value }) => value ?? Number.NaN),
            windowMicros: request.windowMicros,
            exclusive: request.exclusive,
            functions: functionsOf(request),
          });
          expect(outputs).toEqual(whole);
        }
      },
    );
    fc.assert(check, { numRuns: 300 });
  });
});
