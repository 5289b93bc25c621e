import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import type { Dataset } from '../../../shared/contract/types.ts';
import {
  type EntityDefinition,
  entityDefinition,
  type FeatureServiceDefinition,
  type FeatureViewDefinition,
  featureViewDefinition,
} from '../../../shared/definitions/features.ts';
import { type Column, cellToJson, type Table } from '../../../shared/table/column.ts';
import { FeatureThreads } from './compute/feature-threads.ts';
import { joinFeatures } from './join-features.ts';
import { planJoin } from './join-plan.ts';
import type { JoinedData } from './joined-data.ts';

type Cell = string | number | null;

/** A column out of plain values: text, or numbers of the given type. */
function column(
  name: string,
  type: 'string' | 'int64' | 'float64' | 'timestamp' | 'date',
  cells: readonly Cell[],
): Column {
  const validity = cells.includes(null) ? Uint8Array.from(cells, (cell) => (cell === null ? 0 : 1)) : null;
  if (type !== 'string') return { name, type, validity, values: Float64Array.from(cells, Number) };
  const dictionary = [...new Set(cells.filter((cell) => cell !== null))].map(String);
  const values = Uint32Array.from(cells, (cell) => (cell === null ? 0 : dictionary.indexOf(String(cell))));
  return { name, type, validity, values, dictionary };
}

const table = (...columns: Column[]): Table => ({ rows: columns[0]!.values.length, columns });

/** A data room that holds one table under the name `facts`. */
const holding = (facts: Table, knownTime: string | null = 'known'): JoinedData => ({
  get: () =>
    ({
      name: 'facts',
      version: 1,
      rows: facts.rows,
      columns: facts.columns.map(({ name, type }) => ({ name, type })),
      eventTime: 'event',
      knownTime,
      keys: [],
      mode: 'replace',
      addedRows: facts.rows,
      parts: [],
      labels: [],
      purposes: [],
      source: 'test',
      digest: '0'.repeat(64),
      sizeBytes: 0,
      importedAt: '2026-01-01T00:00:00Z',
    }) satisfies Dataset,
  load: async ({ columns }) => ({
    rows: facts.rows,
    columns: facts.columns.filter(({ name }) => columns === undefined || columns.includes(name)),
  }),
});

const entities: Readonly<Record<string, EntityDefinition>> = {
  place: entityDefinition.parse({ kind: 'Entity', name: 'place', keys: [{ name: 'place', type: 'string' }] }),
  pair: entityDefinition.parse({
    kind: 'Entity',
    name: 'pair',
    keys: [
      { name: 'a', type: 'int64' },
      { name: 'b', type: 'int64' },
    ],
  }),
};

const view = (changes: Record<string, unknown>): FeatureViewDefinition =>
  featureViewDefinition.parse({
    kind: 'FeatureView',
    name: 'v',
    entities: ['place'],
    source: { dataset: 'facts' },
    features: [{ name: 'value' }],
    ...changes,
  });

const threads = new FeatureThreads();
afterAll(() => threads.close());

interface Question {
  readonly facts: Table;
  readonly spine: Table;
  readonly view: FeatureViewDefinition;
  readonly select?: FeatureServiceDefinition['features'];
  readonly asKnown?: 'row' | number | null;
  readonly knownTime?: string | null;
}

const joined = (question: Question): Promise<Column[]> =>
  joinFeatures(holding(question.facts, question.knownTime), {
    views: planJoin(question.select ?? ['v:*'], {
      view: () => question.view,
      entity: (name) => entities[name]!,
    }),
    spine: question.spine,
    eventTime: 'at',
    asKnown: question.asKnown ?? null,
    threads,
  });

/** Column names to the values of their rows. */
async function answer(question: Question): Promise<Record<string, unknown[]>> {
  const columns = await joined(question);
  const rows = Array.from({ length: question.spine.rows }, (_, row) => row);
  return Object.fromEntries(columns.map((one) => [one.name, rows.map((row) => cellToJson(one, row))]));
}

const facts = (
  ...rows: readonly (readonly [
    place: string | null,
    event: number,
    known: number | null,
    value: number | null,
  ])[]
): Table =>
  table(
    column(
      'place',
      'string',
      rows.map(([place]) => place),
    ),
    column(
      'event',
      'timestamp',
      rows.map(([, event]) => event),
    ),
    column(
      'known',
      'timestamp',
      rows.map(([, , known]) => known),
    ),
    column(
      'value',
      'float64',
      rows.map(([, , , value]) => value),
    ),
  );

const spine = (...rows: readonly (readonly [place: string | null, at: number | null])[]): Table =>
  table(
    column(
      'place',
      'string',
      rows.map(([place]) => place),
    ),
    column(
      'at',
      'timestamp',
      rows.map(([, at]) => at),
    ),
  );

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

describe('computed features', () => {
  const history = facts(['x', 10, 10, 4], ['x', 20, 20, 6], ['x', 30, 30, null], ['x', 30, 30, -1]);
  const windowed = view({
    source: { dataset: 'facts', filter: 'value > 0 OR value IS NULL' },
    features: [
      { name: 'big', type: 'bool', expression: 'value > 5' },
      { name: 'rows', aggregate: { fn: 'count', of: '*', window: '20us' } },
      { name: 'values', aggregate: { fn: 'count', of: 'value', window: '20us' } },
      { name: 'places', aggregate: { fn: 'count', of: 'place', window: '20us' } },
      { name: 'mean', aggregate: { fn: 'mean', of: 'value', window: '20us' } },
      { name: 'again', aggregate: { fn: 'mean', of: 'value', window: '20us' } },
      { name: 'share', aggregate: { fn: 'mean', of: 'big', window: '20us' } },
    ],
  });

  it('aggregate what the filter lets through in (T − window, T], expressions included', async () => {
    expect(
      await answer({ facts: history, spine: spine(['x', 29], ['x', 30], ['x', 5]), view: windowed }),
    ).toEqual({
      v__big: [true, null, null],
      v__rows: [2, 2, 0],
      v__values: [2, 1, 0],
      v__places: [2, 2, 0],
      v__mean: [5, 6, null],
      v__again: [5, 6, null],
      v__share: [0.5, 1, null],
    });
  });

  it('never see what was not yet known', async () => {
    const late = facts(['x', 10, 10, 4], ['x', 20, 35, 6]);
    const asked = { facts: late, spine: spine(['x', 29], ['x', 35]), asKnown: 'row' as const };
    const mean = view({
      features: [{ name: 'mean', aggregate: { fn: 'mean', of: 'value', window: '1ms' } }],
    });
    expect(await answer({ ...asked, view: mean })).toEqual({ v__mean: [4, 5] });
  });

  it('leave out what happened at exactly the time asked for when they are exclusive', async () => {
    const both = view({
      features: [
        { name: 'upto', aggregate: { fn: 'count', of: 'value', window: '20us' } },
        { name: 'before', aggregate: { fn: 'count', of: 'value', window: '20us', exclusive: true } },
      ],
    });
    expect(await answer({ facts: history, spine: spine(['x', 20], ['x', 21]), view: both })).toEqual({
      v__upto: [2, 2],
      v__before: [1, 2],
    });
  });

  it('count distinct values and interpolate percentiles', async () => {
    const repeated = facts(['x', 1, 1, 4], ['x', 2, 2, 4], ['x', 3, 3, 10]);
    const asked = view({
      features: [
        { name: 'distinct', aggregate: { fn: 'distinct_count', of: 'value', window: '1ms' } },
        { name: 'median', aggregate: { fn: 'p50', of: 'value', window: '1ms' } },
        { name: 'high', aggregate: { fn: 'p75', of: 'value', window: '1ms' } },
      ],
    });
    expect(await answer({ facts: repeated, spine: spine(['x', 3], ['y', 3]), view: asked })).toEqual({
      v__distinct: [2, 0],
      v__median: [4, null],
      v__high: [7, null],
    });
  });

  it('of text count, count what differs, and give the last', async () => {
    const words = table(
      column('place', 'string', ['x', 'x', 'x', 'x']),
      column('event', 'timestamp', [1, 2, 3, 4]),
      column('known', 'timestamp', [1, 2, 3, 4]),
      column('word', 'string', ['b', 'a', 'b', null]),
    );
    const asked = view({
      features: ['count', 'distinct_count', 'last'].map((fn) => ({
        name: fn,
        aggregate: { fn, of: 'word', window: '1ms' },
      })),
    });
    expect(await answer({ facts: words, spine: spine(['x', 3], ['x', 4], ['y', 4]), view: asked })).toEqual({
      v__count: [3, 3, 0],
      v__distinct_count: [2, 2, 0],
      v__last: ['b', null, null],
    });
  });

  it('tell integers apart that are the same double', async () => {
    const wide = table(
      column('place', 'string', ['x', 'x', 'x']),
      column('event', 'timestamp', [1, 2, 3]),
      column('known', 'timestamp', [1, 2, 3]),
    );
    const values = BigInt64Array.of(2n ** 60n, 2n ** 60n + 1n, 2n ** 60n);
    const asked = view({
      features: [{ name: 'ids', aggregate: { fn: 'distinct_count', of: 'id', window: '1ms' } }],
    });
    const history = {
      ...wide,
      columns: [...wide.columns, { name: 'id', type: 'int64', validity: null, values } as const],
    };
    expect(await answer({ facts: history, spine: spine(['x', 3]), view: asked })).toEqual({ v__ids: [2] });
  });

  it('of text are refused but for those', async () => {
    const bad = view({ features: [{ name: 'mean', aggregate: { fn: 'mean', of: 'place', window: '1ms' } }] });
    await expect(joined({ facts: history, spine: spine(['x', 1]), view: bad })).rejects.toMatchObject({
      code: 'TYPE_MISMATCH',
    });
  });

  it('refuse a filter that is no condition', async () => {
    const bad = view({ source: { dataset: 'facts', filter: 'value + 1' } });
    await expect(joined({ facts: history, spine: spine(['x', 1]), view: bad })).rejects.toMatchObject({
      code: 'BAD_EXPRESSION',
    });
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
