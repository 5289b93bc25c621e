export { defineJob, type JobContext, type JobKind, type ProgressUpdate } from './job-kind.ts';
export { JobQueue } from './job-queue.ts';
export { jobsMigrations } from './migrations.ts';
