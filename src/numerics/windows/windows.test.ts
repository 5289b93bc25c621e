import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AggregateFunction } from '../../shared/definitions/features.ts';
import {
  createWindowSweep,
  EXPIRED_WINNER,
  NO_WINNER,
  pointInTimeWinners,
  UNKNOWN_KEY,
  windowAggregates,
} from './index.ts';

interface Fact {
  readonly key: number;
  readonly event: number;
  readonly known: number;
  readonly value: number;
}
interface Question {
  readonly key: number;
  readonly time: number;
}
type Cut = 'row' | number | null;

const FUNCTIONS: readonly AggregateFunction[] = [
  'count',
  'sum',
  'mean',
  'min',
  'max',
  'stddev',
  'last',
  'distinct_count',
  'p1',
  'p25',
  'p50',
  'p99',
];
const ROUNDED = new Set<AggregateFunction>(['mean', 'stddev', 'p1', 'p25', 'p99']);

const historyOf = (facts: readonly Fact[]) => ({
  key: Uint32Array.from(facts, (fact) => fact.key),
  event: Float64Array.from(facts, (fact) => fact.event),
  known: Float64Array.from(facts, (fact) => fact.known),
  values: Float64Array.from(facts, (fact) => fact.value),
});
const spineOf = (questions: readonly Question[], knownCut: Cut) => ({
  key: Uint32Array.from(questions, (question) => question.key),
  time: Float64Array.from(questions, (question) => question.time),
  knownCut,
});

/** The rule, written as a filter and a sort: the rows usable for a question, the winner last. */
function usable(facts: readonly Fact[], question: Question, cut: Cut): { fact: Fact; row: number }[] {
  const knownBy = cut === 'row' ? question.time : cut;
  const nullLowest = (value: number): number => (Number.isNaN(value) ? Number.NEGATIVE_INFINITY : value);
  return facts
    .map((fact, row) => ({ fact, row }))
    .filter(({ fact }) => fact.key === question.key && fact.event <= question.time)
    .filter(({ fact }) => knownBy === null || fact.known <= knownBy)
    .sort(
      (a, b) =>
        a.fact.event - b.fact.event ||
        Math.sign(nullLowest(a.fact.known) - nullLowest(b.fact.known)) ||
        a.row - b.row,
    );
}

function oracleWinner(facts: readonly Fact[], question: Question, cut: Cut, ttl: number | null): number {
  const winner = usable(facts, question, cut).at(-1);
  if (winner === undefined) return NO_WINNER;
  return ttl === null || winner.fact.event >= question.time - ttl ? winner.row : EXPIRED_WINNER;
}

function oracleAggregate(
  facts: readonly Fact[],
  question: Question,
  cut: Cut,
  window: number,
  name: AggregateFunction,
  exclusive = false,
): number {
  const inside = usable(facts, question, cut)
    .filter(({ fact }) => fact.event > question.time - window)
    .filter(({ fact }) => !exclusive || fact.event < question.time);
  const values = inside.map(({ fact }) => fact.value).filter((value) => !Number.isNaN(value));
  const sum = values.reduce((total, value) => total + value, 0);
  if (name === 'count') return values.length;
  if (name === 'distinct_count') return new Set(values).size;
  if (name === 'last') return inside.at(-1)?.fact.value ?? Number.NaN;
  if (values.length === 0) return Number.NaN;
  const mean = sum / values.length;
  if (name === 'sum') return sum;
  if (name === 'mean') return mean;
  if (name === 'min') return Math.min(...values);
  if (name === 'max') return Math.max(...values);
  if (name.startsWith('p')) {
    const sorted = values.toSorted((a, b) => a - b);
    const place = ((sorted.length - 1) * Number(name.slice(1))) / 100;
    const below = sorted[Math.floor(place)]!;
    return below + (sorted[Math.ceil(place)]! - below) * (place - Math.floor(place));
  }
  if (values.length < 2) return Number.NaN;
  return Math.sqrt(values.reduce((total, value) => total + (value - mean) ** 2, 0) / (values.length - 1));
}

const instant = fc.constantFrom(0, 10, 20, 30, 40, -10);
const nullable = (arbitrary: fc.Arbitrary<number>) =>
  fc.oneof({ weight: 5, arbitrary }, fc.constant(Number.NaN));
const fact = fc.record({
  key: fc.nat(2),
  event: instant,
  known: nullable(fc.constantFrom(5, 20, 40, 60)),
  value: nullable(fc.integer({ min: -3, max: 3 })),
});
const question = fc.record({
  key: fc.constantFrom(0, 1, 2, 3, UNKNOWN_KEY),
  time: nullable(fc.constantFrom(-10, 0, 9, 10, 11, 20, 30, 40, 45, 60, 100)),
});
const cut = fc.constantFrom<Cut>('row', null, 5, 20, 39);

describe('pointInTimeWinners', () => {
  it('agrees with the brute-force rule on histories full of ties', () => {
    fc.assert(
      fc.property(
        fc.array(fact, { maxLength: 12 }),
        fc.array(question, { maxLength: 8 }),
        cut,
        fc.constantFrom(null, 1, 10, 25),
        (facts, questions, knownCut, ttlMicros) => {
          const winners = pointInTimeWinners({
            history: historyOf(facts),
            spine: spineOf(questions, knownCut),
            ttlMicros,
          });
          expect([...winners]).toEqual(
            questions.map((asked) => oracleWinner(facts, asked, knownCut, ttlMicros)),
          );
        },
      ),
      { numRuns: 20_000 },
    );
  });

  it('takes a row at exactly T and at exactly T − ttl, and expires one a microsecond older', () => {
    const history = { key: Uint32Array.of(0), event: Float64Array.of(100), known: null };
    const ask = (time: number) =>
      pointInTimeWinners({ history, spine: spineOf([{ key: 0, time }], null), ttlMicros: 50 })[0];
    expect([ask(99), ask(100), ask(150), ask(151)]).toEqual([NO_WINNER, 0, 0, EXPIRED_WINNER]);
  });

  it('uses nothing under a cut-off when the history has no known time', () => {
    const history = { key: Uint32Array.of(0), event: Float64Array.of(1), known: null };
    expect(
      pointInTimeWinners({ history, spine: spineOf([{ key: 0, time: 5 }], 'row'), ttlMicros: null })[0],
    ).toBe(NO_WINNER);
    expect(
      pointInTimeWinners({ history, spine: spineOf([{ key: 0, time: 5 }], null), ttlMicros: null })[0],
    ).toBe(0);
  });
});

describe('windowAggregates', () => {
  it('agrees with the brute-force rule for every function, window and cut-off', () => {
    fc.assert(
      fc.property(
        fc.array(fact, { maxLength: 14 }),
        fc.array(question, { maxLength: 8 }),
        cut,
        fc.constantFrom(1, 10, 15, 35, 1000),
        fc.boolean(),
        (facts, questions, knownCut, windowMicros, exclusive) => {
          const results = windowAggregates({
            history: historyOf(facts),
            spine: spineOf(questions, knownCut),
            windowMicros,
            exclusive,
            functions: FUNCTIONS,
          });
          FUNCTIONS.forEach((name, at) => {
            const expected = questions.map((asked) =>
              oracleAggregate(facts, asked, knownCut, windowMicros, name, exclusive),
            );
            if (ROUNDED.has(name)) {
              results[at]!.forEach((value, row) => {
                if (Number.isNaN(expected[row])) expect(value).toBeNaN();
                else expect(value).toBeCloseTo(expected[row]!, 12);
              });
            } else expect([...results[at]!]).toEqual(expected.map((value) => value + 0));
          });
        },
      ),
      { numRuns: 5_000 },
    );
  });

  it('agrees with the rule on long unsorted histories, where sorting and heaps are at work', () => {
    let state = 12345;
    const random = (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
    const facts = Array.from({ length: 1500 }, (): Fact => {
      const event = random(1e6) - 5e5;
      return { key: random(3), event, known: event + random(40_000), value: random(1000) - 500 };
    });
    const questions = Array.from({ length: 300 }, () => ({ key: random(4), time: random(1.2e6) - 6e5 }));
    for (const windowMicros of [20_000, 150_000]) {
      const results = windowAggregates({
        history: historyOf(facts),
        spine: spineOf(questions, 'row'),
        windowMicros,
        functions: ['count', 'sum', 'min', 'max', 'last', 'distinct_count', 'p50'],
      });
      (['count', 'sum', 'min', 'max', 'last', 'distinct_count', 'p50'] as const).forEach((name, at) => {
        expect([...results[at]!]).toEqual(
          questions.map((asked) => oracleAggregate(facts, asked, 'row', windowMicros, name)),
        );
      });
    }
  });

  it('leaves nothing behind when a huge value leaves the window', () => {
    const history = {
      key: new Uint32Array(4),
      event: Float64Array.of(0, 5, 8, 9),
      known: null,
      values: Float64Array.of(1e17, 3, 0.25, Number.POSITIVE_INFINITY),
    };
    const [sum, mean] = windowAggregates({
      history,
      spine: spineOf(
        [8, 9, 12, 18, 19].map((time) => ({ key: 0, time })),
        null,
      ),
      windowMicros: 10,
      functions: ['sum', 'mean'],
    });
    expect([...sum!]).toEqual([
      1e17 + 3.25,
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.POSITIVE_INFINITY,
      Number.NaN,
    ]);
    expect(mean![4]).toBeNaN();
    const [withoutInfinity] = windowAggregates({
      history: { ...history, values: Float64Array.of(1e17, 3, 0.25, Number.NaN) },
      spine: spineOf(
        [
          { key: 0, time: 9 },
          { key: 0, time: 12 },
        ],
        null,
      ),
      windowMicros: 10,
      functions: ['sum'],
    });
    expect([...withoutInfinity!]).toEqual([1e17 + 3.25, 3.25]);
  });

  it('gives a standard deviation of exactly zero for equal values and keeps small spreads on large levels', () => {
    const spread = (values: number[]): number => {
      const [stddev] = windowAggregates({
        history: {
          key: new Uint32Array(values.length),
          event: Float64Array.from(values, (_, row) => row),
          known: null,
          values: Float64Array.from(values),
        },
        spine: spineOf([{ key: 0, time: values.length }], null),
        windowMicros: 1000,
        functions: ['stddev'],
      });
      return stddev![0]!;
    };
    expect(spread([0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1])).toBe(0);
    expect(spread([1e9 + 0.25, 1e9 + 0.5, 1e9 + 0.75])).toBeCloseTo(0.25, 12);
    expect(spread([1e200, 1])).toBeNaN();
  });

  it('interpolates percentiles linearly, also between infinities and the greatest numbers', () => {
    const percentiles = (values: number[], ...functions: AggregateFunction[]): number[] =>
      windowAggregates({
        history: {
          key: new Uint32Array(values.length),
          event: new Float64Array(values.length),
          known: null,
          values: Float64Array.from(values),
        },
        spine: spineOf([{ key: 0, time: 0 }], null),
        windowMicros: 1,
        functions,
      }).map((output) => output[0]!);
    expect(percentiles([10, 40, 20, 30], 'p50', 'p25', 'p90')).toEqual([25, 17.5, 37]);
    expect(percentiles([7], 'p1', 'p99')).toEqual([7, 7]);
    expect(percentiles([-1.5e308, 1.5e308], 'p50')).toEqual([0]);
    expect(percentiles([1, Number.POSITIVE_INFINITY], 'p50')).toEqual([Number.POSITIVE_INFINITY]);
    expect(percentiles([Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY], 'p50')).toEqual([Number.NaN]);
    expect(percentiles([0, -0, Number.NaN], 'distinct_count')).toEqual([1]);
  });

  it('serves inclusive and exclusive windows side by side', () => {
    const history = {
      key: Uint32Array.of(0, 0),
      event: Float64Array.of(0, 10),
      known: Float64Array.of(0, 9),
    };
    const sweep = createWindowSweep(history, spineOf([{ key: 0, time: 10 }], 'row'));
    const count = (exclusive: boolean): number =>
      sweep.aggregate({ values: null, windowMicros: 100, exclusive, functions: ['count'] })[0]![0]!;
    expect([count(true), count(false), count(true)]).toEqual([1, 2, 1]);
  });

  it('serves several windows and columns from one sort', () => {
    const history = {
      key: Uint32Array.of(0, 0),
      event: Float64Array.of(0, 10),
      known: Float64Array.of(0, 12),
    };
    const sweep = createWindowSweep(
      history,
      spineOf(
        [
          { key: 0, time: 11 },
          { key: 0, time: 12 },
        ],
        'row',
      ),
    );
    expect([...sweep.aggregate({ values: null, windowMicros: 100, functions: ['count'] })[0]!]).toEqual([
      1, 2,
    ]);
    expect([...sweep.aggregate({ values: null, windowMicros: 5, functions: ['count'] })[0]!]).toEqual([0, 1]);
    expect([...sweep.aggregate({ values: null, windowMicros: 2, functions: ['count'] })[0]!]).toEqual([0, 0]);
  });

  it('refuses a window of zero and a column of another length', () => {
    const history = { key: Uint32Array.of(0), event: Float64Array.of(0), known: null };
    const spine = spineOf([], null);
    const ask = (values: Float64Array | null, windowMicros: number) => () =>
      windowAggregates({ history: { ...history, values }, spine, windowMicros, functions: ['sum'] });
    expect(ask(Float64Array.of(1), 0)).toThrow(/longer than zero/);
    expect(ask(Float64Array.of(1, 2), 5)).toThrow(/one value per history row/);
    expect(ask(null, 5)).toThrow(/Only count/);
  });
});
