import { describe, expect, it, vi } from 'vitest';
import { type Ask, QueryCache } from './query-cache.ts';

const question = (domain: string, procedure: string) => ({ domain, procedure, input: undefined });
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('the cache of answers', () => {
  it('asks once for many observers and shows the answer to all', async () => {
    const ask = vi.fn<Ask>(async () => [1]);
    const cache = new QueryCache(ask);
    cache.observe('data.list', question('data', 'list'));
    cache.observe('data.list', question('data', 'list'));
    await settled();
    expect(ask).toHaveBeenCalledTimes(1);
    expect(cache.store.getState().queries['data.list']?.data).toEqual([1]);
  });

  it('keeps the old answer on screen while it asks again after a change', async () => {
    const answers = ['old', 'new'];
    const cache = new QueryCache(async () => answers.shift());
    cache.observe('data.list', question('data', 'list'));
    await settled();
    cache.invalidate('data');
    expect(cache.store.getState().queries['data.list']).toMatchObject({ data: 'old', fetching: true });
    await settled();
    expect(cache.store.getState().queries['data.list']).toMatchObject({ data: 'new', fetching: false });
  });

  it('leaves other rooms alone, and asks for what nobody sees only when it is seen again', async () => {
    const ask = vi.fn<Ask>(async ({ procedure }) => procedure);
    const cache = new QueryCache(ask);
    const stop = cache.observe('data.list', question('data', 'list'));
    cache.observe('models.list', question('models', 'list'));
    await settled();
    stop();
    cache.invalidate('data');
    await settled();
    expect(ask).toHaveBeenCalledTimes(2);
    cache.observe('data.list', question('data', 'list'));
    await settled();
    expect(ask).toHaveBeenCalledTimes(3);
  });

  it('asks once more when a change comes while an answer is on its way', async () => {
    const ask = vi.fn<Ask>(async () => 1);
    const cache = new QueryCache(ask);
    cache.observe('data.list', question('data', 'list'));
    cache.invalidate('data');
    cache.invalidate('data');
    await settled();
    await settled();
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it('keeps the answer when asking again fails, and says what failed', async () => {
    let fails = false;
    const cache = new QueryCache(async () => {
      if (fails) throw new TypeError('fetch failed');
      return 'answer';
    });
    cache.observe('data.list', question('data', 'list'));
    await settled();
    fails = true;
    cache.invalidate();
    await settled();
    const state = cache.store.getState().queries['data.list'];
    expect(state?.data).toBe('answer');
    expect(state?.error?.code).toBe('ENGINE_GONE');
  });

  it('forgets everything when the workspace is locked, even an answer still on its way', async () => {
    let answer: (value: unknown) => void = () => undefined;
    const cache = new QueryCache(
      () =>
        new Promise((resolve) => {
          answer = resolve;
        }),
    );
    cache.observe('data.list', question('data', 'list'));
    cache.clear();
    answer('secret');
    await settled();
    expect(JSON.stringify(cache.store.getState())).not.toContain('secret');
  });

  it('changes an answer in place when an event carried the news', async () => {
    const cache = new QueryCache(async () => ['a']);
    cache.observe('jobs.list', question('jobs', 'list'));
    await settled();
    cache.patch('jobs', 'list', (data) => [...(data as string[]), 'b']);
    expect(cache.store.getState().queries['jobs.list']?.data).toEqual(['a', 'b']);
  });

  it('asks again when news comes while an answer is on its way, which may be older', async () => {
    const answers: ((state: string) => void)[] = [];
    const cache = new QueryCache(() => new Promise((resolve) => answers.push(resolve)));
    cache.observe('jobs.get', question('jobs', 'get'));
    cache.patch('jobs', 'get', () => 'done');
    answers[0]!('running');
    await settled();
    expect(answers).toHaveLength(2);
    answers[1]!('done');
    await settled();
    expect(cache.store.getState().queries['jobs.get']).toMatchObject({ data: 'done', fetching: false });
  });
});
