export { fileDigest } from './file-digest.ts';
export { readingJob } from './reading-job.ts';
export { ScriptRoom, type TrackingDoor } from './script-room.ts';
export { scriptsJobs } from './scripts-jobs.ts';
