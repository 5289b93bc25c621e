import { describe, expect, it } from 'vitest';
import { mulberry32 } from '../../../numerics/arrays/mulberry32.ts';
import { inWindow, type TrialWindow } from './trial-window.ts';

const soon = (milliseconds: number): Promise<void> =>
  new Promise((resolve) => setTimeout(resolve, milliseconds));

const windowOf = (changes: Partial<TrialWindow<number>>): TrialWindow<number> => ({
  count: 20,
  lag: 4,
  most: 4,
  mayBegin: () => true,
  begin: async (place) => place,
  onResult: () => undefined,
  ...changes,
});

describe('trials side by side', () => {
  it.each([1, 2, 3])(
    'are told of those before them by place, with seed %i for how long each takes',
    async (seed) => {
      const random = mulberry32(seed);
      const told: number[] = [];
      let running = 0;
      let most = 0;
      const results = await inWindow(
        windowOf({
          begin: async (place, before) => {
            most = Math.max(most, ++running);
            expect(before).toEqual(Array.from({ length: Math.max(0, place - 3) }, (_, at) => at));
            await soon(random() * 8);
            running--;
            return place;
          },
          onResult: (place, sofar) => told.push(place, sofar.length),
        }),
      );
      const places = Array.from({ length: 20 }, (_, at) => at);
      expect(results).toEqual(places);
      expect(told).toEqual(places.flatMap((place) => [place, place + 1]));
      expect(most).toBe(4);
    },
  );

  it('are no more than there is room for', async () => {
    let running = 0;
    let most = 0;
    await inWindow(
      windowOf({
        most: 2,
        begin: async (place) => {
          most = Math.max(most, ++running);
          await soon(1);
          running--;
          return place;
        },
      }),
    );
    expect(most).toBe(2);
  });

  it('begin no more after a no, and end what is under way', async () => {
    const results = await inWindow(
      windowOf({ mayBegin: (place) => place < 6, begin: async (place) => soon(2).then(() => place) }),
    );
    expect(results).toEqual([0, 1, 2, 3, 4, 5]);
  });

  it('have all ended when one has failed', async () => {
    let ended = 0;
    const failing = inWindow(
      windowOf({
        begin: async (place) => {
          await soon(place === 1 ? 1 : 20);
          if (place === 1) throw new Error('broken');
          ended++;
          return place;
        },
      }),
    );
    await expect(failing).rejects.toThrow('broken');
    expect(ended).toBe(3);
  });
});
