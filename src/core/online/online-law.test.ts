import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OnlineFixture } from '../../../test/fixtures/online-fixture.ts';
import { type Column, microsToIso } from '../../shared/table/column.ts';

let fixture: OnlineFixture;

beforeEach(async () => {
  fixture = await OnlineFixture.open();
});
afterEach(() => fixture.parts.close());

const HISTORY = `
kind: Entity
name: thing
keys: [{name: thing, type: int64}]
---
kind: FeatureView
name: facts
entities: [thing]
source: {push: true}
ttl: 4s
features:
  - {name: value}
  - {name: text, type: string}
  - {name: sum_2s, aggregate: {fn: sum, of: value, window: 2s}}
  - {name: deviation_5s, aggregate: {fn: stddev, of: value, window: 5s}}
  - {name: last_1s, aggregate: {fn: last, of: value, window: 1s}}
  - {name: texts, aggregate: {fn: count, of: text, window: 3s}}
  - {name: kinds, aggregate: {fn: distinct_count, of: text, window: 6s}}
  - {name: last_text, aggregate: {fn: last, of: text, window: 2s}}
  - {name: median, aggregate: {fn: p50, of: value, window: 4s, exclusive: true}}
---
kind: FeatureView
name: sums
entities: [thing]
source: {push: true}
features:
  - {name: value}
  - {name: twice, expression: "value * 2"}
---
kind: FeatureService
name: all
features: ["facts:*"]
---
kind: FeatureService
name: computed
features: ["sums:*"]
`;

const START = Date.UTC(2026, 0, 10) * 1000;
/** Few instants and keys: ties, late rows and rows of the future are common. */
const anyFact = fc.record({
  thing: fc.integer({ min: 1, max: 3 }),
  event: fc.integer({ min: 0, max: 12 }),
  known: fc.option(fc.integer({ min: 0, max: 12 })),
  value: fc.option(fc.integer({ min: -5, max: 5 })),
  text: fc.option(fc.constantFrom('a', 'b')),
});
const anyHistory = fc.array(
  fc.record({
    after: fc.integer({ min: 0, max: 4 }),
    rows: fc.array(anyFact, { minLength: 1, maxLength: 4 }),
  }),
  { minLength: 1, maxLength: 5 },
);
const things: Column = {
  name: 'thing',
  type: 'int64',
  validity: null,
  values: Float64Array.from([1, 2, 3, 4]),
};

describe('C22: for a random history and any instant', () => {
  let views = 0;

  /** Pushes the batches one after the other to a view of its own, and tells the instant at the end. */
  async function pushed(
    view: 'facts' | 'sums',
    history: readonly { after: number; rows: readonly object[] }[],
  ) {
    const suffix = `_${views++}`;
    fixture.apply(
      HISTORY.replaceAll(/name: (facts|sums|all|computed)\b/g, `name: $1${suffix}`).replaceAll(
        /"(facts|sums):/g,
        `"$1${suffix}:`,
      ),
    );
    let seconds = 0;
    for (const { after, rows } of history) {
      seconds += after;
      fixture.nowMs = START / 1000 + seconds * 1000;
      const json = (rows as readonly { event: number; known: number | null; text?: string | null }[]).map(
        ({ event, known, text, ...row }) => ({
          ...row,
          event_time: microsToIso(START + event * 1_000_000),
          ...(known === null ? {} : { known_time: microsToIso(START + known * 1_000_000) }),
          ...(view === 'facts' ? { text: text ?? null } : {}),
        }),
      );
      await fixture.push(`${view}${suffix}`, json);
    }
    return { suffix, seconds };
  }

  const equal = async (service: string, at: number): Promise<void> => {
    const online = await fixture.read({
      service,
      keys: [{ thing: 1 }, { thing: 2 }, { thing: 3 }, { thing: 4 }],
      at: microsToIso(at),
    });
    expect(online.map(({ values }) => values)).toEqual(await fixture.offline(service, [things], at));
  };

  it('what is read online is what the join gives, columns and windows alike', async () => {
    await fc.assert(
      fc.asyncProperty(
        anyHistory,
        fc.integer({ min: 0, max: 24 }),
        fc.boolean(),
        async (history, at, anew) => {
          const { suffix } = await pushed('facts', history);
          if (anew) {
            // The rows made in one go from the whole history answer as those made push by push.
            fixture.parts.store.statement('DELETE FROM online_set WHERE view = ?').run(`facts${suffix}`);
            await fixture.online.materialize(fixture.work, { view: `facts${suffix}` });
          }
          await equal(`all${suffix}`, START + at * 1_000_000);
          await equal(`all${suffix}`, START + at * 1_000_000 - 1);
        },
      ),
      { numRuns: 150 },
    );
  }, 120_000);

  it('and so are row-wise expressions', async () => {
    await fc.assert(
      fc.asyncProperty(anyHistory, fc.integer({ min: 0, max: 24 }), async (history, at) => {
        const { suffix } = await pushed('sums', history);
        await equal(`computed${suffix}`, START + at * 1_000_000);
      }),
      { numRuns: 8 },
    );
  }, 120_000);
});
