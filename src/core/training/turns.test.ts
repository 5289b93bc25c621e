import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { Turns } from './turns.ts';

const never = new AbortController().signal;

describe('turns', () => {
  it('are taken one after another, also after one that failed', async () => {
    const turns = new Turns();
    const seen: string[] = [];
    const work = (name: string, fails = false) =>
      turns.take(never, async () => {
        seen.push(`${name} begins`);
        await sleep(5);
        seen.push(`${name} ends`);
        if (fails) throw new Error(name);
        return name;
      });
    const all = await Promise.allSettled([work('a', true), work('b'), work('c')]);
    expect(seen).toEqual(['a begins', 'a ends', 'b begins', 'b ends', 'c begins', 'c ends']);
    expect(all.map(({ status }) => status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
  });

  it('are given up at once by who is stopped while waiting, and nobody overtakes', async () => {
    const turns = new Turns();
    const first = Promise.withResolvers<void>();
    const stop = new AbortController();
    const seen: string[] = [];
    const a = turns.take(never, () => first.promise.then(() => void seen.push('a')));
    const b = turns.take(stop.signal, async () => void seen.push('b'));
    const c = turns.take(never, async () => void seen.push('c'));
    stop.abort();
    await expect(b).rejects.toMatchObject({ name: 'AbortError' });
    expect(seen).toEqual([]);
    first.resolve();
    await Promise.all([a, c]);
    expect(seen).toEqual(['a', 'c']);
  });
});
