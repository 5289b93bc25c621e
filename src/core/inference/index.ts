export { encodeColumn } from './encode-column.ts';
export { type FeatureSource, matrixSource, tableSource } from './feature-source.ts';
export {
  type InferenceOptions,
  InferenceRoom,
  type PredictInput,
  type PredictResult,
  TREE_FRAMEWORK,
} from './inference-room.ts';
export { inferenceJobs } from './jobs.ts';
export { type LatencyFigures, type ScoredRows, type ScoreOptions, scoreBatches } from './score-batches.ts';
export {
  type BatchResult,
  type InferenceSession,
  type InferenceSessionOptions,
  openInferenceSession,
} from './session.ts';
export type { InferenceDevice } from './session-messages.ts';
export type { WireTensor } from './tensor.ts';
