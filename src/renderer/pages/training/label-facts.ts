import type { ColumnProfile } from '../../../shared/contract/types.ts';
import type { LabelTask } from '../../../shared/tuning-goal.ts';

export type LabelWarning = 'empty' | 'constant' | 'missing' | 'rare' | 'identifier' | 'text' | 'classes';

/** What a column is like as a label. */
export interface LabelFacts {
  /** Null where it cannot be learned as it is. */
  readonly task: LabelTask | null;
  readonly warnings: readonly LabelWarning[];
  /** Share of the rows that have no label, which are left out. */
  readonly missingShare: number;
}

/** Numbers with no more values than this are taken for classes. */
const FEW_VALUES = 10;
const MOST_CLASSES = 256;
/** Of the labelled rows: a class below this is hard to learn. */
const RARE_SHARE = 0.01;

/** Two classes, several, or an amount; from the profile of all rows. */
export function labelFacts(profile: ColumnProfile): LabelFacts {
  const { rows, nulls, type } = profile;
  const distinct = profile.distinct ?? Number.POSITIVE_INFINITY;
  const present = rows - nulls;
  const missingShare = rows === 0 ? 0 : nulls / rows;
  if (present === 0) return { task: null, warnings: ['empty'], missingShare };
  if (distinct === 1) return { task: null, warnings: ['constant'], missingShare };
  const warnings: LabelWarning[] = [];
  if (nulls > 0) warnings.push('missing');
  const task = taskOf(profile, distinct);
  if (task === null) {
    warnings.push(type === 'string' ? (distinct === present ? 'identifier' : 'classes') : 'text');
    return { task, warnings, missingShare };
  }
  const rarest = profile.topValues.at(-1);
  if (task !== 'regression' && rarest !== undefined && rarest.count < present * RARE_SHARE)
    warnings.push('rare');
  return { task, warnings, missingShare };
}

function taskOf({ type, min, max, topValues }: ColumnProfile, distinct: number): LabelTask | null {
  switch (type) {
    case 'bool':
      return 'binary';
    case 'string':
      return distinct <= MOST_CLASSES ? 'multiclass' : null;
    case 'int64':
      if (distinct === 2 && Number(min) === 0 && Number(max) === 1) return 'binary';
      return distinct <= FEW_VALUES ? 'multiclass' : 'regression';
    case 'float64': {
      if (distinct === 2 && min === 0 && max === 1) return 'binary';
      const whole = topValues.every(({ value }) => Number.isInteger(value));
      return distinct <= FEW_VALUES && whole && topValues.length > 0 ? 'multiclass' : 'regression';
    }
    default:
      return null;
  }
}

/** Columns that are likely features: not the label, nor the times of the rows, nor what names each row. */
export function likelyFeatures(
  profiles: readonly ColumnProfile[],
  {
    label,
    times,
    keys,
  }: {
    readonly label: string;
    /** When each row happened, and when it became known: after it happened, mostly together with the label. */
    readonly times: readonly string[];
    readonly keys: readonly string[];
  },
): string[] {
  const words = new Set(label.match(/[\p{L}_][\p{L}\p{N}_]*/gu) ?? []);
  return profiles
    .filter(({ name, type, distinct, rows, nulls }) => {
      // What the label is made of tells it.
      if (words.has(name) || times.includes(name) || keys.includes(name)) return false;
      const isConstant = distinct === 1 || rows === nulls;
      const isIdentifier = type === 'string' && distinct !== null && distinct > 0.5 * (rows - nulls);
      return !isConstant && !isIdentifier;
    })
    .map(({ name }) => name);
}
