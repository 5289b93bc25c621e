import { describe, expect, it } from 'vitest';
import {
  column,
  facts,
  joinsOnThreads,
  spine,
  table,
  view,
} from '../../../../test/fixtures/join-questions.ts';

const { joined, answer } = joinsOnThreads();

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
