export { monitoringJobs } from './jobs.ts';
export { monitoringMigrations } from './migrations.ts';
export { type DriftCheckInput, type MonitoringOptions, MonitoringRoom } from './monitoring-room.ts';
export { parseSelection, type Selection } from './selection.ts';
