export { monitoringJobs } from './jobs.ts';
export { monitoringMigrations } from './migrations.ts';
export { type DriftCheckInput, type MonitoringOptions, MonitoringRoom } from './monitoring-room.ts';
