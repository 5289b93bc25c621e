export {
  type BatchResult,
  type InferenceSession,
  type InferenceSessionOptions,
  openInferenceSession,
} from './session.ts';
export type { InferenceDevice } from './session-messages.ts';
export type { WireTensor } from './tensor.ts';
