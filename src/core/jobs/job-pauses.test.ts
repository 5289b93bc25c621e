import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { scheduledJobs, stateOf, until } from '../../../test/fixtures/scheduled-jobs.ts';
import { FalajError } from '../../shared/errors.ts';

const { now, queueOf } = scheduledJobs();

describe('pauses', () => {
  it('hold back what waits', async () => {
    const queue = queueOf();
    const first = queue.start('test.endless', { name: 'first' }).job;
    const held = queue.start('test.quick', { name: 'held' }).job;
    queue.start('test.quick', { name: 'next' });
    expect(queue.pause({ id: held })).toMatchObject({ state: 'queued', paused: true, waitsFor: 'paused' });
    expect(() => queue.pause({ id: first })).toThrow('cannot be paused while it runs');
    queue.cancel({ id: first });
    await until(() => !queue.busy);
    expect(now().began).toEqual(['first', 'next']);
    queue.resume({ id: held });
    expect((await queue.wait(held)).paused).toBe(false);
    expect(now().began).toEqual(['first', 'next', 'held']);
    expect(() => queue.resume({ id: held })).toThrow('not paused');
    await queue.close();
  });

  it('halt what can be halted, which keeps its place', async () => {
    const queue = queueOf();
    const told: string[] = [];
    queue.register({
      ...now().endless,
      kind: 'test.haltable',
      run: async (context, { name }) => {
        context.suspendable({ pause: () => told.push('pause'), resume: () => told.push('resume') });
        await now().endless.run(context, { name });
      },
    });
    const id = queue.start('test.haltable', { name: 'halted' }, { timeLimitMs: 200 }).job;
    expect(queue.pause({ id })).toMatchObject({ state: 'running', paused: true });
    await sleep(300);
    expect(queue.resume({ id })).toMatchObject({ state: 'running', paused: false });
    queue.pause({ id });
    // What is halted hears nothing: it goes on to be ended.
    queue.cancel({ id });
    expect((await queue.wait(id)).state).toBe('cancelled');
    expect(told).toEqual(['pause', 'resume', 'pause', 'resume']);
    await queue.close();
  });

  describe('of what can be halted only once it has begun', () => {
    /** Begins when it is told to; what is called brief can be halted no more at once, and ends when it is told to. */
    function haltableQueue() {
      const queue = queueOf();
      const told: string[] = [];
      const { promise: ready, resolve: begin } = Promise.withResolvers<void>();
      const { promise: over, resolve: isOver } = Promise.withResolvers<void>();
      const { promise: mayEnd, resolve: end } = Promise.withResolvers<void>();
      queue.register({
        ...now().endless,
        kind: 'test.haltable',
        lane: 'script',
        halts: true,
        run: async (context, { name }) => {
          await ready;
          context.suspendable({ pause: () => told.push('pause'), resume: () => told.push('resume') });
          if (name === 'brief') {
            context.suspendable(null);
            isOver();
            await mayEnd;
          } else
            await sleep(20_000, undefined, { signal: context.signal }).finally(() =>
              context.suspendable(null),
            );
        },
      });
      const start = (name: string, timeLimitMs: number | null = null): string =>
        queue.start('test.haltable', { name }, { timeLimitMs }).job;
      return { queue, told, begin, start, over, end };
    }

    it('are taken before, and hold from its beginning on', async () => {
      const { queue, told, begin, start } = haltableQueue();
      const id = start('early', 100);
      expect(queue.pause({ id })).toMatchObject({ state: 'running', paused: true });
      begin();
      await until(() => told.length > 0);
      await sleep(150);
      expect(queue.get({ id })).toMatchObject({ state: 'running', paused: true });
      expect(told).toEqual(['pause']);
      expect(queue.resume({ id }).paused).toBe(false);
      expect(await queue.wait(id)).toMatchObject({ state: 'failed', error: { code: 'TIMED_OUT' } });
      expect(told).toEqual(['pause', 'resume']);
      await queue.close();
    });

    it('are forgotten when it is resumed or cancelled before it begins', async () => {
      const { queue, told, begin, start } = haltableQueue();
      const [resumed, cancelled] = [start('resumed'), start('cancelled')];
      queue.pause({ id: resumed });
      queue.resume({ id: resumed });
      queue.pause({ id: cancelled });
      queue.cancel({ id: cancelled });
      expect(() => queue.pause({ id: cancelled })).toThrow('cannot be paused');
      begin();
      expect(await queue.wait(cancelled)).toMatchObject({ state: 'cancelled', paused: false });
      expect(queue.get({ id: resumed })).toMatchObject({ state: 'running', paused: false });
      expect(told).toEqual([]);
      await queue.close();
    });

    it('hold for the next attempt, too', async () => {
      const queue = queueOf();
      const { promise: dies, resolve: die } = Promise.withResolvers<void>();
      queue.register({
        ...now().quick,
        kind: 'test.dying',
        halts: true,
        run: async (context, { name }) => {
          now().began.push(name);
          context.suspendable({ pause: () => undefined, resume: () => undefined });
          await dies;
          throw new FalajError('CHILD_FAILED', 'It was ended by SIGKILL.');
        },
      });
      const id = queue.start('test.dying', { name: 'held' }, { retries: 1, retryDelayMs: 60_000 }).job;
      queue.pause({ id });
      die();
      await until(() => stateOf(queue, id) === 'queued');
      expect(queue.get({ id })).toMatchObject({ paused: true, waitsFor: 'paused', attempt: 2 });
      expect(queue.resume({ id })).toMatchObject({ paused: false, waitsFor: 'delay' });
      queue.cancel({ id });
      expect(now().began).toEqual(['held']);
      await queue.close();
    });

    it('are refused once it has ended and only its end is kept', async () => {
      const { queue, begin, start, over, end } = haltableQueue();
      const id = start('brief');
      begin();
      await over;
      expect(() => queue.pause({ id })).toThrow('cannot be paused while it runs');
      end();
      expect((await queue.wait(id)).state).toBe('succeeded');
      await queue.close();
    });
  });

  it('stop what goes on from what it kept, and begin it again', async () => {
    const queue = queueOf();
    queue.register({ ...now().endless, kind: 'test.continuing', continues: true });
    const id = queue.start('test.continuing', { name: 'night' }).job;
    queue.pause({ id });
    await until(() => stateOf(queue, id) === 'queued');
    expect(queue.get({ id })).toMatchObject({ paused: true, attempt: 1, startedAt: null });
    expect(queue.resume({ id })).toMatchObject({ state: 'running', paused: false, attempt: 1 });
    expect(now().began).toEqual(['night', 'night']);
    await queue.close();
    expect(stateOf(queue, id)).toBe('interrupted');
  });
});
