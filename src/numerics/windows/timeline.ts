import { FalajError } from '../../shared/errors.ts';
import { takeNumbers } from '../../shared/table/take-values.ts';
import { countKeys, type KeyRuns } from './key-runs.ts';
import { sortedRuns } from './sorted-runs.ts';

/** Facts in arrival order: the row number is the sequence, the last tie-breaker. Times in whole microseconds. */
export interface KeyedHistory {
  /** Dense key id per row. */
  readonly key: Uint32Array;
  /** When the fact was true. NaN matches nothing. */
  readonly event: Float64Array;
  /** When the fact became known, NaN = null; `null` when the history has no known time at all (every one is null). */
  readonly known: Float64Array | null;
  /**
   * When a correction of the fact became known, from which on it no longer counts; infinite where there is none. Only for a
   * cut-off by each row's own time, since for others the facts that count are a matter of the history alone.
   */
  readonly until?: Float64Array | null | undefined;
}

/** The questions: what was true of this key at this time? */
export interface KeyedSpine {
  /** Dense key id per row, 0xffffffff where the entity has no history. */
  readonly key: Uint32Array;
  /** NaN = null: matches nothing. */
  readonly time: Float64Array;
  /**
   * Only facts known by then: `row` = by each row's own time, a number = by that instant, null = no cut-off.
   * With a cut-off, facts whose known time is null are never used.
   */
  readonly knownCut: 'row' | number | null;
}

/**
 * History and spine laid out for one sweep per key. A fact may be used from `max(event, known)` on when the cut-off
 * is `row`, else from `event` on; so a spine in time order meets facts in the order of that instant. When the instant
 * asked for is exclusive, `event` is one microsecond later: times are whole microseconds.
 */
export interface Timeline {
  readonly keys: number;
  /** Facts by key, then by the time from which they may be used. */
  readonly arrivals: KeyRuns;
  /** Per history row, the instant from which it may be used; NaN where it never may. */
  readonly usable: Float64Array;
  readonly usableFrom: Float64Array;
  /** Event time of each arrival. */
  readonly arrivalEvent: Float64Array;
  /** Spine rows by key, then time. */
  readonly questions: KeyRuns;
  readonly questionTime: Float64Array;
}

/** History and questions of each key in the order in which a sweep meets them. */
export function buildTimeline(history: KeyedHistory, spine: KeyedSpine, exclusive = false): Timeline {
  checkLengths(history, spine);
  const keys = countKeys(history.key);
  const usable = usableTimes(history, spine.knownCut, exclusive ? 1 : 0);
  const arrivals = sortedRuns(history.key, usable, keys);
  const questions = sortedRuns(spine.key, spine.time, keys);
  return {
    keys,
    arrivals,
    usable,
    usableFrom: arrivals.values,
    arrivalEvent: usable === history.event ? arrivals.values : takeNumbers(history.event, arrivals.rows),
    questions,
    questionTime: questions.values,
  };
}

/** The instant from which each fact may be used, `delayMicros` after its event or later; NaN where it never may. */
export function usableTimes(
  history: KeyedHistory,
  knownCut: 'row' | number | null,
  delayMicros: number,
): Float64Array {
  const { event, known } = history;
  if (knownCut === null) return delayMicros === 0 ? event : event.map((time) => time + delayMicros);
  const usable = new Float64Array(event.length).fill(Number.NaN);
  if (known === null) return usable;
  for (let row = 0; row < event.length; row++) {
    const knownAt = known[row]!;
    if (knownCut === 'row') usable[row] = Math.max(event[row]! + delayMicros, knownAt);
    else if (knownAt <= knownCut) usable[row] = event[row]! + delayMicros;
  }
  return usable;
}

/** @throws BAD_INPUT where arrays of the same rows differ in length. */
export function checkLengths(history: KeyedHistory, spine: KeyedSpine): void {
  const rows = history.key.length;
  const agree =
    history.event.length === rows &&
    (history.known === null || history.known.length === rows) &&
    spine.time.length === spine.key.length;
  if (!agree) {
    throw new FalajError(
      'BAD_INPUT',
      'Keys and times of a point-in-time join must have the same number of rows.',
    );
  }
}
