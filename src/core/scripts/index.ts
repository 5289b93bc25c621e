export { ScriptRoom, type TrackingDoor } from './script-room.ts';
export { scriptsJobs } from './scripts-jobs.ts';
