import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { scheduledJobs, stateOf, until } from '../../../test/fixtures/scheduled-jobs.ts';
import { FalajError } from '../../shared/errors.ts';
import { defineJob, type GpuSlot } from './index.ts';

const { now, queueOf } = scheduledJobs();

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
    expect(now().began).toEqual(['first', 'high', 'moved', 'normal', 'low']);
    expect(() => queue.prioritize({ id: moved, priority: 'low' })).toThrow('only one that waits');
    await queue.close();
  });

  it('are kept for the next engine', async () => {
    const before = queueOf();
    before.start('test.endless', { name: 'first' });
    before.start('test.quick', { name: 'normal' });
    before.start('test.quick', { name: 'high' }, { priority: 'high' });
    await before.close();
    now().began.length = 0;
    const queue = queueOf();
    queue.start('test.endless', { name: 'again' });
    queue.goOn();
    queue.cancel({ id: queue.list({ limit: 1 })[0]!.id });
    await until(() => !queue.busy);
    expect(now().began).toEqual(['again', 'high', 'normal']);
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
    expect(now().began).toEqual(['one', 'two']);
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
        now().began.push('flaky');
        if (now().began.length <= failures) throw new FalajError(code, 'No space is left.');
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
    now().fixture.store.close();
    now().fixture.store = now().fixture.open();
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
