export type { GpuSlot } from './free-slots.ts';
export {
  defineJob,
  type JobContext,
  type JobKind,
  type ProgressUpdate,
  type QueuedJobContext,
} from './job-kind.ts';
export { JobQueue } from './job-queue.ts';
export { jobsMigrations } from './migrations.ts';
