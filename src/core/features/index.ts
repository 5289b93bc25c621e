export {
  FeatureRoom,
  type FeatureRoomOptions,
  type FeatureSelection,
  type HistoricalInput,
} from './feature-room.ts';
export { featuresJobs } from './features-jobs.ts';
export { denseKeys } from './join/dense-keys.ts';
export { aggregatedColumns, featuresOf, rowFeatures } from './join/join-features.ts';
export type { PlannedKey, PlannedView } from './join/join-plan.ts';
export { PUSHED_EVENT_TIME, PUSHED_KNOWN_TIME } from './join/joined-view.ts';
export { requestFeatures } from './join/request-features.ts';
export type { ViewHistory } from './join/view-history.ts';
export { featuresMigrations } from './migrations.ts';
export { type PushedRows, rowsAsSource } from './pushed-source.ts';
