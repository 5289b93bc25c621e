import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { FeatureThreads } from './feature-threads.ts';
import type { StretchTask } from './stretch-task.ts';

const column = { name: 'zero', type: 'float64', validity: null, values: new Float64Array(1_000) } as const;
/** Columns that shrink: most of the time goes into beginning to compress. */
const stretch = (columns: number): StretchTask => ({
  view: null,
  columns: Array.from({ length: columns }, () => ({ kind: 'ready', column })),
  withHashes: false,
  withChunks: true,
});

it('answers at once when it is stopped, lets a thread that compresses come to its end, and goes on with another', async () => {
  const threads = new FeatureThreads();
  for (let round = 0; round < 5; round++) {
    const stop = new AbortController();
    const stopped = threads.stretch(stretch(5_000), { signal: stop.signal });
    const rejection = expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
    await sleep(20 * round); // before, while and after the thread starts
    stop.abort();
    await rejection;
  }
  const { columns } = await threads.stretch(stretch(1));
  expect(columns).toMatchObject([{ kind: 'encoded' }]);
  await threads.close();
});
