import type { ThreadTeam } from '../threads/index.ts';
import { MISSING_BIN } from './feature-bins.ts';
import { ANSWER_BYTES } from './fit-plan.ts';
import type { ThreadWork } from './thread-work.ts';
import type { Decision } from './tree-builder.ts';

/** The best split of a leaf; sums of its left side in quantised units. */
export interface Split {
  /** In units of the loss. */
  readonly gain: number;
  readonly feature: number;
  readonly bin: number;
  readonly missingLeft: boolean;
  readonly leftGradient: number;
  readonly leftHessian: number;
  /** Of a categorical feature: one bit per bin that goes left, 32 bytes. */
  readonly set: Uint8Array | null;
}

/** The best of what all threads found for a child; of equals that of the lowest feature, however features were shared out. */
export function readSplit(
  team: ThreadTeam,
  work: ThreadWork,
  child: 0 | 1,
  gainUnit: number,
  alone = false,
): Split | null {
  let best: DataView | null = null;
  for (let thread = 0; thread < (alone ? 1 : team.size); thread++) {
    const answer = new DataView(work.buffer, work.answerOf(thread, child), ANSWER_BYTES);
    if (answer.getInt32(8, true) < 0) continue;
    if (best === null || answer.getFloat64(0, true) > best.getFloat64(0, true)) best = answer;
  }
  if (best === null) return null;
  const feature = best.getInt32(8, true);
  const set = work.plan.categorical[feature]!
    ? Uint8Array.from({ length: 32 }, (_, byte) => best.getUint8(32 + byte))
    : null;
  return {
    gain: best.getFloat64(0, true) * gainUnit,
    feature,
    bin: best.getInt32(12, true),
    missingLeft: set === null ? best.getInt32(16, true) === 1 : hasBit(set, MISSING_BIN),
    leftHessian: best.getUint32(24, true),
    leftGradient: best.getInt32(28, true),
    set,
  };
}

/** The split in terms of the feature's values. */
export function toDecision(work: ThreadWork, { feature, bin, missingLeft, set }: Split): Decision {
  const edges = work.edgesOf(feature);
  if (set !== null)
    return { feature, missingLeft, categories: Array.from(edges).filter((_, index) => hasBit(set, index)) };
  // A split after the last bin parts the missing values from all others.
  return { feature, missingLeft, threshold: edges[bin] ?? Number.POSITIVE_INFINITY };
}

const hasBit = (set: Uint8Array, bin: number): boolean => ((set[bin >> 3]! >> (bin & 7)) & 1) === 1;
