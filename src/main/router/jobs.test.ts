import { createRouterClient } from '@orpc/server';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { z } from 'zod';
import { TinyEngine } from '../../../test/faults/engine-support/tiny-engine.ts';
import { JobQueueFixture } from '../../../test/fixtures/job-queue-fixture.ts';
import { defineJob, type JobQueue } from '../../core/jobs/index.ts';
import { FalajError } from '../../shared/errors.ts';
import { createRouter, type RoutedEngine } from './index.ts';

let fixture: JobQueueFixture;
let queue: JobQueue;

beforeEach(() => {
  fixture = new JobQueueFixture();
  queue = fixture.queue();
  queue.register(
    defineJob({
      kind: 'test.failing',
      input: z.object({ isProgram: z.boolean() }),
      title: () => 'failing',
      startsProgram: ({ isProgram }) => isProgram,
      run: async () => {
        throw new FalajError('CHILD_FAILED', 'It ended with exit code 3.');
      },
    }),
  );
});
afterEach(async () => {
  await queue.close();
  fixture.close();
});

const failed = async (isProgram: boolean, retries = 0): Promise<string> => {
  const { job } = queue.start('test.failing', { isProgram }, { retries });
  if (retries === 0) await queue.wait(job);
  return job;
};

const clientOf = (context: { mayStartPrograms?: boolean }) => {
  const engine = { ...new TinyEngine().asHosted(), rooms: { jobs: queue } } as unknown as RoutedEngine;
  return createRouterClient(
    createRouter(engine, () => undefined),
    { context },
  );
};

it('tries a program again for the person at the machine alone, and other work for everyone', async () => {
  const byLink = clientOf({ mayStartPrograms: false });
  const program = await failed(true);
  const refused = byLink.jobs.retry({ id: program });
  await expect(refused).rejects.toMatchObject({ code: 'FORBIDDEN' });
  await expect(refused).rejects.toThrow('Programs are not started from here.');
  expect(queue.get({ id: program })).toMatchObject({ state: 'failed', attempt: 1 });
  expect(await clientOf({}).jobs.retry({ id: program })).toMatchObject({ attempt: 2 });
  expect(await byLink.jobs.retry({ id: await failed(false) })).toMatchObject({ attempt: 2 });
});

it('lets everyone steer what was begun on the machine', async () => {
  const byLink = clientOf({ mayStartPrograms: false });
  const id = await failed(true, 1);
  await expect.poll(() => queue.get({ id }).waitsFor).toBe('delay');
  expect(await byLink.jobs.pause({ id })).toMatchObject({ paused: true });
  expect(await byLink.jobs.resume({ id })).toMatchObject({ paused: false, waitsFor: 'delay' });
  expect(await byLink.jobs.cancel({ id })).toMatchObject({ state: 'cancelled' });
});
