export { FeatureRoom, type FeatureRoomOptions, type HistoricalInput } from './feature-room.ts';
export { featuresJobs } from './features-jobs.ts';
export { featuresMigrations } from './migrations.ts';
