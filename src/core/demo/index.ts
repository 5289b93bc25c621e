export { type DemoOptions, DemoRoom } from './demo-room.ts';
export { demoJobs } from './jobs.ts';
