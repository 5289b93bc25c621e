import type { Point } from '../../../numerics/tuning/index.ts';
import type { Goals } from '../../../shared/definitions/objectives.ts';
import type { RunHandle } from '../../tracking/index.ts';
import type { DeviceRecord } from '../learning-device.ts';
import type { TrialFigures } from '../worker-messages.ts';
import type { Trial } from './trial.ts';

/** What a trial is begun with. */
export interface TrialAsked {
  readonly place: number;
  readonly point: Point;
  /** What it is judged against while it runs. */
  readonly before: readonly Trial[];
  /** What it measured in an earlier attempt that was cut off. */
  readonly earlierFolds: readonly TrialFigures[];
  readonly parent: RunHandle;
  /** The device of the search; null for learners that have no choice. */
  readonly device: DeviceRecord | null;
  /** Of the search that it belongs to. */
  readonly key: string;
  readonly goals: Goals;
  /** Costs that are goals. */
  readonly costs: readonly string[];
  readonly threads: number;
  readonly signal: AbortSignal;
  /** How far it has come, of one. */
  readonly onProgress: (share: number) => void;
}
