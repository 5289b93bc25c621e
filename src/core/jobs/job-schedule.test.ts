import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { JobQueueFixture } from '../../../test/fixtures/job-queue-fixture.ts';
import type { JobState } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { defineJob, type GpuSlot, type JobQueue } from './index.ts';

let fixture: JobQueueFixture;
/** What ran, in the order in which it began. */
let began: string[];

beforeEach(() => {
  fixture = new JobQueueFixture();
  began = [];
});
afterEach(() => fixture.close());

const named = z.object({ name: z.string() });
const needing = named.extend({
  cpus: z.number().default(1),
  gpus: z.number().default(0),
  gpuMemoryBytes: z.number().nullable().default(null),
});

const quick = defineJob({
  kind: 'test.quick',
  input: named,
  title: ({ name }) => name,
  run: async (_context, { name }) => {
    began.push(name);
    await sleep(1);
  },
});

/** Runs until it is stopped. */
const endless = defineJob({
  kind: 'test.endless',
  input: named,
  title: ({ name }) => name,
  run: async (context, { name }) => {
    began.push(name);
    await sleep(20_000, undefined, { signal: context.signal });
  },
});

const script = defineJob({
  kind: 'test.script',
  lane: 'script',
  input: needing,
  title: ({ name }) => name,
  needs: ({ cpus, gpus, gpuMemoryBytes }) => ({ cpus, gpus, gpuMemoryBytes, memoryBytes: null }),
  run: async (context, { name }) => {
    began.push(name);
    await sleep(20_000, undefined, { signal: context.signal });
  },
});

/** A training, of which some are programs that need something. */
const training = defineJob({
  kind: 'test.training',
  lane: 'training',
  input: named.extend({ gpus: z.number().optional() }),
  title: ({ name }) => name,
  needs: ({ gpus }) =>
    gpus === undefined ? null : { cpus: 1, gpus, gpuMemoryBytes: null, memoryBytes: null },
  run: async (context, { name }) => {
    began.push(name);
    await sleep(20_000, undefined, { signal: context.signal });
  },
});

function queueOf(more: Parameters<JobQueueFixture['queue']>[0] = {}): JobQueue {
  const queue = fixture.queue(more);
  for (const kind of [quick, endless, script, training]) queue.register(kind);
  return queue;
}

const until = async (condition: () => boolean): Promise<void> => {
  for (const deadline = Date.now() + 5_000; !condition() && Date.now() < deadline; ) await sleep(5);
  expect(condition()).toBe(true);
};

const stateOf = (queue: JobQueue, id: string): JobState => queue.get({ id }).state;

describe('priorities', () => {
  it('let urgent work pass what waits, and move what waits', async () => {
    const queue = queueOf();
    const first = queue.start('test.endless', { name: 'first' }).job;
    queue.start('test.quick', { name: 'low' }, { priority: 'low' });
    queue.start('test.quick', { name: 'normal' });
    queue.start('test.quick', { name: 'high' }, { priority: 'high' });
    const moved = queue.start('test.quick', { name: 'moved' }, { priority: 'low' }).job;
    expect(queue.prioritize({ id: moved, priority: 'high' })).toMatchObject({
      state: 'queued',
      waitsFor: 'turn',
      schedule: { priority: 'high' },
    });
    queue.cancel({ id: first });
    await until(() => !queue.busy);
    expect(began).toEqual(['first', 'high', 'moved', 'normal', 'low']);
    expect(() => queue.prioritize({ id: moved, priority: 'low' })).toThrow('only one that waits');
    await queue.close();
  });

  it('are kept for the next engine', async () => {
    const before = queueOf();
    before.start('test.endless', { name: 'first' });
    before.start('test.quick', { name: 'normal' });
    before.start('test.quick', { name: 'high' }, { priority: 'high' });
    await before.close();
    began = [];
    const queue = queueOf();
    queue.start('test.endless', { name: 'again' });
    queue.goOn();
    queue.cancel({ id: queue.list({ limit: 1 })[0]!.id });
    await until(() => !queue.busy);
    expect(began).toEqual(['again', 'high', 'normal']);
    await queue.close();
  });
});

describe('dependencies', () => {
  it('hold work back until all that it waits for succeeded', async () => {
    const queue = queueOf({ places: { engine: 4, training: 1 } });
    const one = queue.start('test.quick', { name: 'one' }).job;
    const two = queue.start('test.endless', { name: 'two' }).job;
    const last = queue.start('test.quick', { name: 'last' }, { after: [one, two] }).job;
    await queue.wait(one);
    expect(queue.get({ id: last })).toMatchObject({ state: 'queued', waitsFor: 'jobs' });
    queue.cancel({ id: two });
    expect(await queue.wait(last)).toMatchObject({
      state: 'cancelled',
      error: { code: 'CANCELLED', message: 'It waited for "two", which is cancelled.' },
    });
    expect(began).toEqual(['one', 'two']);
    await queue.close();
  });

  it('end what waits for what waits in vain, and refuse jobs that there are not', async () => {
    const queue = queueOf();
    const first = queue.start('test.endless', { name: 'first' }).job;
    const second = queue.start('test.quick', { name: 'second' }, { after: [first] }).job;
    const third = queue.start('test.quick', { name: 'third' }, { after: [second] }).job;
    queue.cancel({ id: first });
    expect((await queue.wait(third)).state).toBe('cancelled');
    expect(stateOf(queue, second)).toBe('cancelled');
    expect(() => queue.start('test.quick', { name: 'x' }, { after: ['nothing'] })).toThrow('no job');
    const done = queue.start('test.quick', { name: 'done' }).job;
    await queue.wait(done);
    expect((await queue.wait(queue.start('test.quick', { name: 'next' }, { after: [done] }).job)).state).toBe(
      'succeeded',
    );
    await queue.close();
  });
});

describe('attempts', () => {
  const flaky = (failures: number, code: 'DISK_FULL' | 'BAD_INPUT' = 'DISK_FULL') =>
    defineJob({
      kind: 'test.flaky',
      input: z.object({}),
      title: () => 'Flaky',
      run: async () => {
        began.push('flaky');
        if (began.length <= failures) throw new FalajError(code, 'No space is left.');
      },
    });

  it('are made again by themselves, later each time', async () => {
    const queue = queueOf();
    queue.register(flaky(2));
    const id = queue.start('test.flaky', {}, { retries: 2, retryDelayMs: 40 }).job;
    await until(() => queue.get({ id }).waitsFor === 'delay');
    expect(Date.parse(queue.get({ id }).beginsAt!)).toBeGreaterThan(Date.now() - 40);
    expect(await queue.wait(id)).toMatchObject({ state: 'succeeded', attempt: 3, beginsAt: null });
    expect(queue.logs({ id, after: 0, limit: 10 }).map(({ text }) => text)).toEqual([
      'DISK_FULL: No space is left.',
      'DISK_FULL: No space is left.',
    ]);
    await queue.close();
  });

  it('end with the last, and with what is wrong every time', async () => {
    const queue = queueOf();
    queue.register(flaky(9));
    const id = queue.start('test.flaky', {}, { retries: 1, retryDelayMs: 1 }).job;
    expect(await queue.wait(id)).toMatchObject({ state: 'failed', attempt: 2, error: { code: 'DISK_FULL' } });
    queue.register(flaky(9, 'BAD_INPUT'));
    const wrong = queue.start('test.flaky', {}, { retries: 5, retryDelayMs: 1 }).job;
    expect(await queue.wait(wrong)).toMatchObject({ state: 'failed', attempt: 1 });
    await queue.close();
  });

  it('are left after a crash for what was asked to be retried', async () => {
    const dead = queueOf({ places: { engine: 2, training: 1 } });
    const kept = dead.start('test.endless', { name: 'kept' }, { retries: 1 }).job;
    const lost = dead.start('test.endless', { name: 'lost' }).job;
    // The dead engine writes no more: only its rows are left.
    fixture.store.close();
    fixture.store = fixture.open();
    const queue = queueOf();
    queue.goOn();
    expect(queue.get({ id: kept })).toMatchObject({ state: 'running', attempt: 2 });
    expect(stateOf(queue, lost)).toBe('interrupted');
    await dead.close();
    await queue.close();
  });

  it('fail when they take longer than they may', async () => {
    const queue = queueOf();
    const id = queue.start('test.endless', { name: 'long' }, { timeLimitMs: 30, retries: 3 }).job;
    expect(await queue.wait(id)).toMatchObject({
      state: 'failed',
      attempt: 1,
      error: { code: 'TIMED_OUT', message: 'It took longer than 30ms.' },
    });
    await queue.close();
  });
});

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
    expect(began).toEqual(['first', 'next']);
    queue.resume({ id: held });
    expect((await queue.wait(held)).paused).toBe(false);
    expect(began).toEqual(['first', 'next', 'held']);
    expect(() => queue.resume({ id: held })).toThrow('not paused');
    await queue.close();
  });

  it('halt what can be halted, which keeps its place', async () => {
    const queue = queueOf();
    const told: string[] = [];
    queue.register({
      ...endless,
      kind: 'test.haltable',
      run: async (context, { name }) => {
        context.suspendable({ pause: () => told.push('pause'), resume: () => told.push('resume') });
        await endless.run(context, { name });
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
    /** Begins when it is told to. */
    function haltableQueue() {
      const queue = queueOf();
      const told: string[] = [];
      const { promise: ready, resolve: begin } = Promise.withResolvers<void>();
      queue.register({
        ...endless,
        kind: 'test.haltable',
        lane: 'script',
        halts: true,
        run: async (context, { name }) => {
          await ready;
          context.suspendable({ pause: () => told.push('pause'), resume: () => told.push('resume') });
          await sleep(name === 'brief' ? 10 : 20_000, undefined, { signal: context.signal }).finally(() =>
            context.suspendable(null),
          );
          if (name === 'brief') await sleep(100);
        },
      });
      const start = (name: string, timeLimitMs: number | null = null): string =>
        queue.start('test.haltable', { name }, { timeLimitMs }).job;
      return { queue, told, begin, start };
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
        ...quick,
        kind: 'test.dying',
        halts: true,
        run: async (context, { name }) => {
          began.push(name);
          context.suspendable({ pause: () => undefined, resume: () => undefined });
          await dies;
          throw new FalajError('CHILD_FAILED', 'It was ended by SIGKILL.');
        },
      });
      const id = queue.start('test.dying', { name: 'held' }, { retries: 1, retryDelayMs: 1000 }).job;
      queue.pause({ id });
      die();
      await until(() => stateOf(queue, id) === 'queued');
      await sleep(20);
      expect(queue.get({ id })).toMatchObject({ paused: true, waitsFor: 'paused', attempt: 2 });
      expect(queue.resume({ id })).toMatchObject({ paused: false, waitsFor: 'delay' });
      queue.cancel({ id });
      expect(began).toEqual(['held']);
      await queue.close();
    });

    it('are refused once it has ended and only its end is kept', async () => {
      const { queue, begin, start } = haltableQueue();
      const id = start('brief');
      begin();
      await sleep(60);
      expect(() => queue.pause({ id })).toThrow('cannot be paused while it runs');
      expect((await queue.wait(id)).state).toBe('succeeded');
      await queue.close();
    });
  });

  it('stop what goes on from what it kept, and begin it again', async () => {
    const queue = queueOf();
    queue.register({ ...endless, kind: 'test.continuing', continues: true });
    const id = queue.start('test.continuing', { name: 'night' }).job;
    queue.pause({ id });
    await until(() => stateOf(queue, id) === 'queued');
    expect(queue.get({ id })).toMatchObject({ paused: true, attempt: 1, startedAt: null });
    expect(queue.resume({ id })).toMatchObject({ state: 'running', paused: false, attempt: 1 });
    expect(began).toEqual(['night', 'night']);
    await queue.close();
    expect(stateOf(queue, id)).toBe('interrupted');
  });
});

describe('what scripts need', () => {
  const GIB = 2 ** 30;
  const gpu = (id: string, more: Partial<GpuSlot> = {}): GpuSlot => ({
    id,
    memoryTotalBytes: 24 * GIB,
    memoryFreeBytes: 24 * GIB,
    isFailed: false,
    ...more,
  });

  it('is kept for them, and those that need more are not overtaken for ever', async () => {
    const queue = queueOf();
    const small = queue.start('test.script', { name: 'small' }).job;
    const large = queue.start('test.script', { name: 'large', cpus: 99 }).job;
    const later = queue.start('test.script', { name: 'later' }).job;
    expect(queue.get({ id: large })).toMatchObject({ waitsFor: 'resources', needs: { cpus: 4 } });
    expect(queue.get({ id: later }).waitsFor).toBe('turn');
    expect(queue.slots().script).toMatchObject({ running: 1, waiting: 2, cpus: { total: 4, taken: 1 } });
    queue.cancel({ id: small });
    await until(() => stateOf(queue, large) === 'running');
    expect(stateOf(queue, later)).toBe('queued');
    queue.cancel({ id: large });
    await until(() => stateOf(queue, later) === 'running');
    await queue.close();
  });

  it('is a GPU that nobody uses, or room in one', async () => {
    const queue = queueOf({ gpus: async () => [gpu('busy', { memoryFreeBytes: 10 * GIB }), gpu('free')] });
    const whole = queue.start('test.script', { name: 'whole', gpus: 1 }).job;
    await until(() => stateOf(queue, whole) === 'running');
    expect(queue.get({ id: whole }).gpus).toEqual(['free']);
    const waits = queue.start('test.script', { name: 'waits', gpus: 1 }).job;
    expect(queue.get({ id: waits }).waitsFor).toBe('resources');
    const part = queue.start('test.script', { name: 'part', gpus: 1, gpuMemoryBytes: 4 * GIB }).job;
    // The one that waits has the busy one promised: nothing is left for a part.
    expect(stateOf(queue, part)).toBe('queued');
    const plain = queue.start('test.script', { name: 'plain' }).job;
    expect(stateOf(queue, plain)).toBe('running');
    queue.cancel({ id: waits });
    queue.cancel({ id: whole });
    await until(() => stateOf(queue, part) === 'running');
    expect(queue.get({ id: part }).gpus).toEqual(['busy']);
    await queue.close();
  });

  it('is shared with trainings that need some, and those that need nothing take turns', async () => {
    const queue = queueOf({ gpus: async () => [gpu('only')] });
    const asking = queue.start('test.training', { name: 'asking', gpus: 1 }).job;
    await until(() => stateOf(queue, asking) === 'running');
    const program = queue.start('test.script', { name: 'program', gpus: 1 }).job;
    queue.start('test.training', { name: 'plain' });
    const plainToo = queue.start('test.training', { name: 'plain too' }).job;
    expect(queue.get({ id: program })).toMatchObject({ waitsFor: 'resources' });
    expect(queue.get({ id: plainToo })).toMatchObject({ waitsFor: 'turn', needs: null });
    expect(queue.slots()).toMatchObject({
      training: { running: 1, waiting: 1 },
      script: { running: 1, waiting: 1, gpus: ['only'] },
    });
    queue.cancel({ id: asking });
    await until(() => stateOf(queue, program) === 'running');
    expect(queue.get({ id: program }).gpus).toEqual(['only']);
    await queue.close();
  });

  it('is told of GPUs that have failed', async () => {
    const queue = queueOf({ gpus: async () => [gpu('one'), gpu('two', { isFailed: true })] });
    const { job } = queue.start('test.script', { name: 'two', gpus: 2 });
    expect((await queue.wait(job)).error).toMatchObject({
      message: '2 GPUs were asked for; this machine has 1; 1 more has failed.',
      hint: 'See `falaj devices --health`.',
    });
    await queue.close();
  });

  it('is refused where there is no such GPU', async () => {
    const queue = queueOf({ gpus: async () => [gpu('one', { memoryTotalBytes: 8 * GIB })] });
    const two = queue.start('test.script', { name: 'two', gpus: 2 }).job;
    const large = queue.start('test.script', { name: 'large', gpus: 1, gpuMemoryBytes: 16 * GIB }).job;
    expect(await queue.wait(two)).toMatchObject({
      state: 'failed',
      error: { code: 'DEVICE_UNAVAILABLE', message: '2 GPUs were asked for; this machine has 1.' },
    });
    expect((await queue.wait(large)).error?.message).toContain('that are large enough');
    await queue.close();
  });
});
