import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { JobQueueFixture } from '../../../test/fixtures/job-queue-fixture.ts';
import { until } from '../../../test/fixtures/scheduled-jobs.ts';
import type { LiveEvent } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { defineJob, type JobQueue } from './index.ts';

let fixture: JobQueueFixture;

const newQueue = (more: Parameters<JobQueueFixture['queue']>[0] = {}): JobQueue => fixture.queue(more);

const adding = defineJob({
  kind: 'test.add',
  input: z.object({ a: z.number(), b: z.number() }),
  title: ({ a, b }) => `Add ${a} and ${b}`,
  run: async (_context, { a, b }) => a + b,
});

const waiting = defineJob({
  kind: 'test.wait',
  input: z.object({}),
  title: () => 'Wait to be cancelled',
  run: async (context) => {
    await sleep(20_000, undefined, { signal: context.signal });
  },
});

beforeEach(() => {
  fixture = new JobQueueFixture();
});
afterEach(() => fixture.close());

describe('the job queue', () => {
  it('lets scripts of people wait for each other only, not the work of the engine for them', async () => {
    const queue = newQueue();
    queue.register(adding);
    queue.register({ ...waiting, kind: 'test.script', lane: 'script' });
    const scripts = Array.from({ length: 20 }, () => queue.start('test.script', {}).job);
    const { job } = queue.start('test.add', { a: 1, b: 2 });
    expect(await queue.wait(job)).toMatchObject({ state: 'succeeded', result: 3 });
    const states = scripts.map((id) => queue.get({ id }).state);
    expect(states.filter((state) => state === 'running')).toHaveLength(4);
    await queue.close();
  });

  it('outlives a store that fails under a job', async () => {
    const queue = newQueue();
    const failing = defineJob({
      kind: 'test.fail-store',
      input: z.object({}),
      title: () => 'Lose the store',
      run: async () => {
        await sleep(1);
        fixture.store.close();
      },
    });
    queue.register(failing);
    queue.register(adding);
    queue.start('test.fail-store', {});
    queue.start('test.add', { a: 2, b: 3 });
    await until(() => !queue.busy);
    await queue.close();
    fixture.store = fixture.open();
    const states = newQueue()
      .list({ limit: 10 })
      .map((job) => job.state);
    expect(states).toEqual(['queued', 'interrupted']);
  });

  it('runs a job and keeps its result', async () => {
    const queue = newQueue();
    queue.register(adding);
    const job = await queue.wait(queue.start('test.add', { a: 2, b: 3 }).job);
    expect(job).toMatchObject({
      state: 'succeeded',
      result: 5,
      title: 'Add 2 and 3',
      attempt: 1,
      error: null,
    });
  });

  it('refuses input that the kind does not take, and leaves no job behind', () => {
    const queue = newQueue();
    queue.register(adding);
    expect(() => queue.start('test.add', { a: 'two', b: 3 })).toThrow(/^a: /);
    expect(queue.list({ limit: 10 })).toEqual([]);
  });

  it('keeps the code and the hint of a failure and lets it be retried', async () => {
    let failures = 0;
    const queue = newQueue();
    queue.register(
      defineJob({
        kind: 'test.flaky',
        input: z.object({}),
        title: () => 'Fail once',
        run: async () => {
          if (failures++ === 0)
            throw new FalajError('DISK_FULL', 'No space is left.', { hint: 'Free some.' });
          return 'done';
        },
      }),
    );
    const id = queue.start('test.flaky', {}).job;
    expect(await queue.wait(id)).toMatchObject({
      state: 'failed',
      error: { code: 'DISK_FULL', hint: 'Free some.' },
    });
    expect(queue.logs({ id, after: 0, limit: 10 }).at(-1)).toMatchObject({
      level: 'error',
      text: 'DISK_FULL: No space is left.',
    });
    queue.retry({ id });
    expect(await queue.wait(id)).toMatchObject({ state: 'succeeded', result: 'done', attempt: 2 });
    expect(() => queue.retry({ id })).toThrow('only a job that did not succeed');
  });

  it('cancels what runs and what still waits', async () => {
    const queue = newQueue();
    queue.register(waiting);
    const running = queue.start('test.wait', {}).job;
    const queued = queue.start('test.wait', {}).job;
    expect(queue.get({ id: queued }).state).toBe('queued');
    expect(queue.cancel({ id: queued }).state).toBe('cancelled');
    queue.cancel({ id: running });
    expect(await queue.wait(running)).toMatchObject({ state: 'cancelled', error: { code: 'CANCELLED' } });
  });

  it('runs no more jobs at once than it may, in the order they came', async () => {
    let running = 0;
    let most = 0;
    const order: number[] = [];
    const queue = newQueue({ places: { engine: 2, training: 1 } });
    queue.register(
      defineJob({
        kind: 'test.count',
        input: z.object({ index: z.number() }),
        title: ({ index }) => String(index),
        run: async (_context, { index }) => {
          order.push(index);
          most = Math.max(most, ++running);
          await sleep(5);
          running--;
        },
      }),
    );
    const ids = Array.from({ length: 7 }, (_, index) => queue.start('test.count', { index }).job);
    await Promise.all(ids.map((id) => queue.wait(id)));
    expect(most).toBe(2);
    expect(order).toEqual([0, 1, 2, 3, 4, 5, 6]);
  });

  it('tells whoever asks how far a job is while it runs', async () => {
    const queue = newQueue();
    queue.register(
      defineJob({
        kind: 'test.half',
        input: z.object({}),
        title: () => 'Stop half-way',
        run: async (context) => {
          context.progress({ step: 'count', fraction: 0.25 });
          // Sooner than listeners are told of again.
          context.progress({ step: 'count', fraction: 0.5, remainingMs: 9000 });
          await sleep(20_000, undefined, { signal: context.signal });
        },
      }),
    );
    const id = queue.start('test.half', {}).job;
    await until(() => queue.get({ id }).progress?.fraction === 0.5);
    expect(queue.get({ id }).progress).toMatchObject({ step: 'count', remainingMs: 9000 });
    expect(queue.list({ state: 'running', limit: 10 })[0]?.progress?.fraction).toBe(0.5);
    queue.cancel({ id });
    await queue.wait(id);
    await queue.close();
  });

  it('tells of progress at a bearable rate, and of the end for certain', async () => {
    const queue = newQueue();
    queue.register(
      defineJob({
        kind: 'test.progress',
        input: z.object({}),
        title: () => 'Count',
        run: async (context) => {
          for (let done = 0; done <= 1000; done++)
            context.progress({ step: 'count', fraction: done / 1000, done, unit: 'rows' });
        },
      }),
    );
    const seen: LiveEvent[] = [];
    fixture.bus.subscribe((event) => seen.push(event));
    const id = queue.start('test.progress', {}).job;
    const job = await queue.wait(id);
    expect(seen.length).toBeLessThan(30);
    expect(job.state).toBe('succeeded');
    expect(queue.get({ id }).progress).toMatchObject({ fraction: 1, step: 'count', unit: 'rows' });
  });

  it('goes on with what waited when the engine died or was closed, oldest first', async () => {
    const ended: string[] = [];
    const telling = defineJob({
      kind: 'test.tell',
      input: z.object({ name: z.string() }),
      title: ({ name }) => name,
      run: async (_context, { name }) => void ended.push(name),
    });
    const first = newQueue();
    first.register(waiting);
    first.register(telling);
    first.register({ ...telling, kind: 'test.own', endsWithEngine: true });
    first.start('test.wait', {});
    const ids = ['a', 'b', 'c'].map((name) => first.start('test.tell', { name }).job);
    const own = first.start('test.own', { name: 'own' }).job;
    await first.close();
    expect(first.get({ id: ids[0]! }).state).toBe('queued');

    const next = newQueue();
    next.register(telling);
    next.register({ ...telling, kind: 'test.own', endsWithEngine: true });
    next.goOn();
    for (const id of ids) expect((await next.wait(id)).state).toBe('succeeded');
    expect(ended).toEqual(['a', 'b', 'c']);
    expect(next.get({ id: own }).state).toBe('interrupted');
  });

  it('cancels what an earlier engine left waiting, and nothing else', async () => {
    const first = newQueue();
    first.register(waiting);
    first.register(adding);
    first.start('test.wait', {});
    const left = first.start('test.add', { a: 1, b: 1 }).job;
    await first.close();
    const next = newQueue();
    next.register(waiting);
    next.register(adding);
    next.start('test.wait', {});
    const other = next.start('test.add', { a: 2, b: 2 }).job;
    expect(next.cancel({ id: left }).state).toBe('cancelled');
    expect(next.get({ id: other }).state).toBe('queued');
    next.cancel({ id: other });
    expect(next.get({ id: other }).state).toBe('cancelled');
    await next.close();
  });

  it('finds what a dead engine left behind', () => {
    const queue = newQueue();
    queue.register(waiting);
    const id = queue.start('test.wait', {}).job;
    const afterCrash = newQueue();
    expect(afterCrash.get({ id }).state).toBe('interrupted');
    queue.cancel({ id });
  });

  it('closes only when everything it ran has ended', async () => {
    const queue = newQueue();
    queue.register(waiting);
    const id = queue.start('test.wait', {}).job;
    await queue.close();
    expect(queue.get({ id }).state).toBe('interrupted');
    expect(() => queue.start('test.wait', {})).toThrow('no new work');
  });
});
