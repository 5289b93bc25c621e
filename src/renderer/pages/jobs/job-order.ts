import type { Job, JobPriority } from '../../../shared/contract/types.ts';

export type JobGroup = 'all' | 'running' | 'waiting' | 'ended';

export const groupOf = ({ state }: Job): Exclude<JobGroup, 'all'> =>
  state === 'running' ? 'running' : state === 'queued' ? 'waiting' : 'ended';

const GROUPS = ['running', 'waiting', 'ended'] as const;
/** The most urgent first. */
export const PRIORITIES: readonly JobPriority[] = ['high', 'normal', 'low'];

/** What runs, what waits in the order of its turn, and what has ended with the newest first; each job once. */
export function inOrder(...lists: readonly (readonly Job[])[]): Job[] {
  const jobs = [...new Map(lists.flat().map((job) => [job.id, job])).values()];
  return jobs.sort((a, b) => {
    const group = groupOf(a);
    if (group !== groupOf(b)) return GROUPS.indexOf(group) - GROUPS.indexOf(groupOf(b));
    if (group !== 'waiting') return b.createdAt.localeCompare(a.createdAt);
    const held = Number(a.paused) - Number(b.paused);
    if (held !== 0) return held;
    const priority = PRIORITIES.indexOf(a.schedule.priority) - PRIORITIES.indexOf(b.schedule.priority);
    return priority === 0 ? a.createdAt.localeCompare(b.createdAt) : priority;
  });
}
