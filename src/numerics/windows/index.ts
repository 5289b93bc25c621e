export { type KeyPartition, keyPartitions, partitionRows, type SharedKeys } from './key-partitions.ts';
export { countKeys, groupByKey, type KeyRuns, UNKNOWN_KEY } from './key-runs.ts';
export {
  EXPIRED_WINNER,
  NO_WINNER,
  type PointInTimeQuery,
  pointInTimeIndex,
  pointInTimeWinners,
  searchWinners,
} from './point-in-time.ts';
export type { PointInTimeIndex } from './point-in-time-index.ts';
export type { KeyedHistory, KeyedSpine } from './timeline.ts';
export {
  createWindowSweep,
  emptyWindow,
  type WindowRequest,
  type WindowSweep,
  windowAggregates,
} from './window-aggregates.ts';
