export type { UsedDefinition } from './definitions/recording-catalogue.ts';
export {
  FeatureRoom,
  type FeatureRoomOptions,
  type ServiceInForce,
  type ViewInForce,
} from './feature-room.ts';
export { featuresJobs } from './features-jobs.ts';
export { featuresOf } from './join/join-features.ts';
export type { PlannedKey, PlannedView } from './join/join-plan.ts';
export { PUSHED_EVENT_TIME, PUSHED_KNOWN_TIME } from './join/joined-view.ts';
export { historyKeyPart, historyKeys } from './join/keys/history-keys.ts';
export { requestFeatures } from './join/request-features.ts';
export { aggregatedColumns, rowFeatures } from './join/view-features.ts';
export type { ViewHistory } from './join/view-history.ts';
export { featuresMigrations } from './migrations.ts';
export { type PushedRows, pushedViewOf, rowsAsSource } from './pushed-source.ts';
export type { Replayed, ReplayRequest } from './replay/service-replay.ts';
export type { FeatureSelection } from './training-sets/build-set.ts';
export type { SetDescription } from './training-sets/describe-set.ts';
export type { KeptReceipt } from './training-sets/receipt-book.ts';
export type { HistoricalInput } from './training-sets/training-sets.ts';
