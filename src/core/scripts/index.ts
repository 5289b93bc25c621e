export { environmentsFolder } from './cache-folder.ts';
export type { TrackingDoor } from './carry-out-script.ts';
export { type CapturedRun, scriptDifferences } from './compare-runs.ts';
export { fileDigest } from './file-digest.ts';
export { pythonEnvironment } from './python-environment.ts';
export { readingJob } from './reading-job.ts';
export { runProcess } from './run-process.ts';
export { CAPTURE_FILE, captureScript, type ScriptCapture, scriptCapture } from './script-capture.ts';
export {
  gpuVariables,
  RUN_VARIABLE,
  threadVariables,
  withoutPassphrase,
  withPython,
} from './script-environment.ts';
export { ScriptRoom } from './script-room.ts';
export { scriptsJobs } from './scripts-jobs.ts';
export { ShellEnvironments } from './shell-environments.ts';
export { TRAINING_FILE, trainingCapture } from './training-capture.ts';
