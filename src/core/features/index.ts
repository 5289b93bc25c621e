export {
  FeatureRoom,
  type FeatureRoomOptions,
  type ServiceInForce,
  type ViewInForce,
} from './feature-room.ts';
export { featuresJobs } from './features-jobs.ts';
export { featuresMigrations } from './migrations.ts';
export type { SetDescription } from './training-sets/describe-set.ts';
export type { KeptReceipt } from './training-sets/receipt-book.ts';
export type { HistoricalInput } from './training-sets/training-sets.ts';
