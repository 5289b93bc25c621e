export { trackingMigrations } from './migrations.ts';
export type { RunFacts, RunHandle } from './run-recorder.ts';
export { type StartRun, type TrackingOptions, TrackingRoom } from './tracking-room.ts';
