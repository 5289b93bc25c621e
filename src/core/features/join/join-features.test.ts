import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  column,
  entities,
  facts,
  holding,
  joinsOnThreads,
  spine,
  table,
  view,
} from '../../../../test/fixtures/join-questions.ts';
import type { FeatureServiceDefinition } from '../../../shared/definitions/features.ts';
import { joinFeatures } from './join-features.ts';
import { planJoin } from './join-plan.ts';

const { threads, joined, answer } = joinsOnThreads();

describe('the winner of a point-in-time join', () => {
  const at = (time: number) => spine(['x', time]);
  const ttl = view({ ttl: '10us' });

  it('is a row at exactly the time asked for', async () => {
    expect(await answer({ facts: facts(['x', 100, 100, 5]), spine: at(100), view: view({}) })).toEqual({
      v__value: [5],
    });
  });

  it.each([
    ['at the end of its life is fresh', 110, 5],
    ['one microsecond later is expired, and no older row replaces it', 111, null],
    ['does not count before its time', 99, null],
  ])('%s', async (_what, time, value) => {
    const history = facts(['x', 80, 80, 1], ['x', 100, 100, 5]);
    const older = time === 99 ? facts(['x', 100, 100, 5]) : history;
    expect(await answer({ facts: older, spine: at(time), view: ttl })).toEqual({ v__value: [value] });
  });

  it('is the one known last among equal event times, then the one that arrived last', async () => {
    const history = facts(['x', 100, 105, 2], ['x', 100, 101, 1], ['x', 100, 105, 3]);
    expect(await answer({ facts: history, spine: at(200), view: view({}) })).toEqual({ v__value: [3] });
  });

  it('may have no known time without a cut-off, and never with one', async () => {
    const history = facts(['x', 100, null, 1], ['x', 90, 90, 2]);
    expect(await answer({ facts: history, spine: at(200), view: view({}) })).toEqual({ v__value: [1] });
    expect(await answer({ facts: history, spine: at(200), view: view({}), asKnown: 'row' })).toEqual({
      v__value: [2],
    });
  });

  it('gives its null, not the last value before it', async () => {
    const history = facts(['x', 90, 90, 5], ['x', 100, 100, null]);
    expect(await answer({ facts: history, spine: at(200), view: view({}) })).toEqual({ v__value: [null] });
  });

  it('was known by the cut-off, to the microsecond', async () => {
    const history = facts(['x', 90, 90, 1], ['x', 100, 151, 2]);
    expect(await answer({ facts: history, spine: at(200), view: view({}), asKnown: 150 })).toEqual({
      v__value: [1],
    });
    expect(await answer({ facts: history, spine: at(200), view: view({}), asKnown: 151 })).toEqual({
      v__value: [2],
    });
  });

  it('is still the newest event when an older one is told later', async () => {
    const history = facts(['x', 100, 100, 2], ['x', 90, 190, 1]);
    expect(await answer({ facts: history, spine: at(200), view: view({}) })).toEqual({ v__value: [2] });
  });

  it('reads a view without any known time as known at once when rows ask for their own time', async () => {
    const question = { facts: facts(['x', 100, null, 4]), spine: at(100), view: view({}), knownTime: null };
    expect(await answer({ ...question, asKnown: 'row' })).toEqual({ v__value: [4] });
  });
});

describe('keys', () => {
  it('keep every spine row in order, matching or not, twice or null', async () => {
    const question = spine(['x', 100], ['y', 100], [null, 100], ['x', null], ['x', 100], ['x', 50]);
    expect(
      await answer({ facts: facts(['x', 60, 60, 1], [null, 60, 60, 9]), spine: question, view: view({}) }),
    ).toEqual({
      v__value: [1, null, null, null, 1, null],
    });
  });

  it('of several parts are compared part by part', async () => {
    const history = table(
      column('a', 'int64', [1, 12]),
      column('b', 'int64', [23, 3]),
      column('event', 'timestamp', [1, 1]),
      column('known', 'timestamp', [1, 1]),
      column('value', 'float64', [10, 20]),
    );
    const question = table(
      column('a', 'int64', [12, 1, 1, 12]),
      column('b', 'int64', [3, 23, 3, 23]),
      column('at', 'timestamp', [5, 5, 5, 5]),
    );
    expect(await answer({ facts: history, spine: question, view: view({ entities: ['pair'] }) })).toEqual({
      v__value: [20, 10, null, null],
    });
  });

  it('of text are compared as they are written, without folding or normalising', async () => {
    const history = facts(['café', 1, 1, 1], ['CAFÉ', 1, 1, 2]);
    const question = spine(['café', 5], ['cafe\u0301', 5], ['CAFÉ', 5], ['café ', 5]);
    expect(await answer({ facts: history, spine: question, view: view({}) })).toEqual({
      v__value: [1, null, 2, null],
    });
  });

  it('of another type are refused', async () => {
    const question = table(column('place', 'int64', [7]), column('at', 'timestamp', [5]));
    await expect(
      joined({ facts: facts(['7', 1, 1, 1]), spine: question, view: view({}) }),
    ).rejects.toMatchObject({
      code: 'TYPE_MISMATCH',
    });
  });

  it('that the entities lack are named', async () => {
    const question = table(column('plaice', 'string', ['x']), column('at', 'timestamp', [5]));
    await expect(
      joined({ facts: facts(['x', 1, 1, 1]), spine: question, view: view({}) }),
    ).rejects.toMatchObject({
      code: 'UNKNOWN_COLUMN',
      hint: 'Did you mean "plaice"?',
    });
  });

  it('may be one view under two names', async () => {
    const question = table(
      column('from', 'string', ['x', 'y']),
      column('to', 'string', ['y', 'z']),
      column('at', 'timestamp', [9, 9]),
    );
    const select: FeatureServiceDefinition['features'] = [
      { view: 'v', as: 'origin', keys: { place: 'from' } },
      { view: 'v', as: 'target', keys: { place: 'to' } },
    ];
    expect(
      await answer({ facts: facts(['x', 1, 1, 1], ['y', 1, 1, 2]), spine: question, view: view({}), select }),
    ).toEqual({
      origin__value: [1, 2],
      target__value: [2, null],
    });
  });

  it('may be none: one history for all', async () => {
    const question = spine(['x', 5], ['anything', 5], [null, 0]);
    expect(
      await answer({
        facts: facts(['x', 1, 1, 1], ['y', 2, 2, 2]),
        spine: question,
        view: view({ entities: [] }),
      }),
    ).toEqual({ v__value: [2, 2, null] });
  });
});

describe('a join of many rows', () => {
  it('gives the same in a thread of its own as inline', async () => {
    const random = (seed: number): number => (Math.imul(seed, 2_654_435_761) >>> 8) % 1000;
    const rows = Array.from({ length: 15_000 }, (_, row) => row);
    const history = facts(
      ...rows.map(
        (row) => [`k${random(row) % 50}`, random(row * 3), random(row * 3) + 7, random(row * 5)] as const,
      ),
    );
    const questions = rows.map((row) => [`k${random(row * 7) % 60}`, random(row * 11)] as const);
    const both = view({
      ttl: '100us',
      features: [{ name: 'value' }, { name: 'mean', aggregate: { fn: 'mean', of: 'value', window: '50us' } }],
    });
    const threaded = await answer({ facts: history, spine: spine(...questions), view: both, asKnown: 'row' });
    for (const start of [0, 4_000]) {
      const some = questions.slice(start, start + 1_000);
      const inline = await answer({ facts: history, spine: spine(...some), view: both, asKnown: 'row' });
      expect(inline).toEqual(
        Object.fromEntries(
          Object.entries(threaded).map(([name, values]) => [name, values.slice(start, start + 1_000)]),
        ),
      );
    }
  });

  it('stops when it is told to', async () => {
    const rows = Array.from({ length: 30_000 }, (_, row) => ['x', row, row, row] as const);
    const controller = new AbortController();
    const stopped = joinFeatures(holding(facts(...rows)), {
      views: planJoin(['v:*'], { view: () => view({}), entity: (name) => entities[name]! }),
      spine: spine(...rows.map(([place, time]) => [place, time] as const)),
      eventTime: 'at',
      asKnown: null,
      signal: controller.signal,
      threads,
      onProgress: () => controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ name: expect.stringMatching(/FalajError|AbortError/) });
  });
});

describe('random histories', () => {
  const key = fc.constantFrom('x', 'y', null);
  const instant = fc.constantFrom(10, 20, 30, 40, 50);
  const fact = fc.tuple(
    key,
    instant,
    fc.option(fc.constantFrom(15, 35, 55)),
    fc.option(fc.constantFrom(1, 2, 3)),
  );
  const question = fc.tuple(key, fc.option(fc.integer({ min: 5, max: 60 })));
  const cut = fc.constantFrom('row' as const, null, 15, 35);
  const ttlMicros = fc.constantFrom(null, 1, 10, 20);

  it('agree with a filter and a sort', async () => {
    const check = fc.asyncProperty(
      fc.array(fact, { maxLength: 12 }),
      fc.array(question, { minLength: 1, maxLength: 6 }),
      cut,
      ttlMicros,
      async (rows, questions, asKnown, ttl) => {
        const expected = questions.map(([place, time]) => {
          if (place === null || time === null) return null;
          const knownBy = asKnown === 'row' ? time : asKnown;
          const lowest = Number.NEGATIVE_INFINITY;
          const winner = rows
            .map(([, event, known, value], sequence) => ({ event, known, value, sequence }))
            .filter(({ event, known, sequence }) => {
              const inTime = rows[sequence]![0] === place && event <= time;
              return inTime && (knownBy === null || (known !== null && known <= knownBy));
            })
            .sort(
              (a, b) =>
                a.event - b.event ||
                Math.sign((a.known ?? lowest) - (b.known ?? lowest)) ||
                a.sequence - b.sequence,
            )
            .at(-1);
          return winner === undefined || (ttl !== null && winner.event < time - ttl) ? null : winner.value;
        });
        const life = ttl === null ? {} : { ttl: `${ttl}us` };
        const found = await answer({
          facts: facts(...rows),
          spine: spine(...questions),
          view: view(life),
          asKnown,
        });
        expect(found).toEqual({ v__value: expected });
      },
    );
    await fc.assert(check, { numRuns: 2_000 });
  });
});
