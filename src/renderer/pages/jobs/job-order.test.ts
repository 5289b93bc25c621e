import { describe, expect, it } from 'vitest';
import { jobOf } from '../../../../test/fixtures/job.ts';
import type { Job, JobPriority } from '../../../shared/contract/types.ts';
import { inOrder } from './job-order.ts';

const job = (
  id: string,
  state: Job['state'],
  { priority = 'normal', paused = false }: { priority?: JobPriority; paused?: boolean } = {},
): Job => {
  const queued = jobOf({ id, state, paused, createdAt: `2026-01-01T00:00:0${id.at(-1)}.000Z` });
  return { ...queued, schedule: { ...queued.schedule, priority } };
};

describe('the order of jobs', () => {
  it('is what runs, what waits by its turn, and what has ended with the newest first', () => {
    const jobs = [
      job('ended 1', 'failed'),
      job('ended 2', 'succeeded'),
      job('held 3', 'queued', { priority: 'high', paused: true }),
      job('low 4', 'queued', { priority: 'low' }),
      job('second 6', 'queued'),
      job('first 5', 'queued'),
      job('urgent 7', 'queued', { priority: 'high' }),
      job('running 8', 'running'),
    ];
    expect(inOrder(jobs).map(({ id }) => id)).toEqual([
      'running 8',
      'urgent 7',
      'first 5',
      'second 6',
      'low 4',
      'held 3',
      'ended 2',
      'ended 1',
    ]);
  });

  it('takes a job once, as the last list has it', () => {
    expect(inOrder([job('a 1', 'queued')], [job('a 1', 'running')])).toEqual([job('a 1', 'running')]);
  });
});
