import { correctedIndex } from './corrected-index.ts';
import { countKeys } from './key-runs.ts';
import { rowsNearKeys } from './near-keys.ts';
import type { PointInTimeIndex } from './point-in-time-index.ts';
import { type MemoryOf, ownMemory, sortedRuns } from './sorted-runs.ts';
import { supersedes } from './supersedes.ts';
import { checkLengths, type KeyedHistory, type KeyedSpine, usableTimes } from './timeline.ts';

export interface PointInTimeQuery {
  readonly history: KeyedHistory;
  readonly spine: KeyedSpine;
  /** How old the winner may be, inclusive; null = any age. Judged after the winner is chosen. */
  readonly ttlMicros: number | null;
}

/** What stands in place of a row: no fact held at that time. */
export const NO_WINNER = -1;
/** The fact that held was too old. */
export const EXPIRED_WINNER = -2;

/**
 * For each spine row the history row that held at its time: among the rows of its key with `event <= time` (and known
 * by the cut-off) the one with the greatest event time, then known time (null lowest), then row number.
 * NO_WINNER where there is none, EXPIRED_WINNER where the winner is older than `ttlMicros`: it is never replaced by an
 * older row.
 */
export function pointInTimeWinners({ history, spine, ttlMicros }: PointInTimeQuery): Int32Array {
  checkLengths(history, spine);
  return searchWinners(pointInTimeIndex(history, spine.knownCut), spine, ttlMicros);
}

/**
 * Sorts a history once for any number of questions with the same cut-off.
 *
 * @param memoryOf where the index lies; what it is made of may lie elsewhere.
 */
export function pointInTimeIndex(
  history: KeyedHistory,
  knownCut: KeyedSpine['knownCut'],
  memoryOf: MemoryOf = ownMemory,
): PointInTimeIndex {
  const { event, known, until } = history;
  if (until !== undefined && until !== null && knownCut === 'row') return correctedIndex(history, until);
  const runs = sortedRuns(history.key, usableTimes(history, knownCut, 0), countKeys(history.key), memoryOf);
  const { starts, rows: winner, values: usableFrom } = runs;
  // In order of event time each fact wins over those before it, but for ties; then its event is the time of its place.
  const inEventOrder = knownCut !== 'row';
  const winnerEvent = inEventOrder ? usableFrom : new Float64Array(memoryOf(8 * winner.length));
  for (let key = 0; key + 1 < starts.length; key++) {
    const start = starts[key]!;
    const end = starts[key + 1]!;
    for (let place = start + 1; place < end; place++) {
      // Nothing is looked up at rows' own places in memory, which lie far apart, where the order tells.
      if (inEventOrder && usableFrom[place]! > usableFrom[place - 1]!) continue;
      const before = winner[place - 1]!;
      if (!supersedes(event, known, winner[place]!, before)) winner[place] = before;
    }
    if (!inEventOrder)
      for (let place = start; place < end; place++) winnerEvent[place] = event[winner[place]!]!;
  }
  return { starts, usableFrom, winner, winnerEvent };
}

/** Where a group of rows asks for at least one of so many places, all of them are read ahead. */
const PLACES_PER_ROW = 16;

/** The winners of a stretch of spine rows: see {@link pointInTimeWinners}. */
export function searchWinners(
  index: PointInTimeIndex,
  { key, time }: Pick<KeyedSpine, 'key' | 'time'>,
  ttlMicros: number | null,
): Int32Array {
  const { starts, usableFrom, winner, winnerEvent } = index;
  const winners = new Int32Array(key.length);
  const keys = starts.length - 1;
  const ttl = ttlMicros ?? Number.POSITIVE_INFINITY;
  const { rows, ends, groupKeys } = rowsNearKeys(key, keys);
  const readAhead = new Float64Array(1);
  for (let group = 0, at = 0; group < ends.length; group++) {
    const end = ends[group]!;
    const firstPlace = starts[Math.min(keys, group * groupKeys)]!;
    const endPlace = starts[Math.min(keys, (group + 1) * groupKeys)]!;
    if (endPlace - firstPlace <= PLACES_PER_ROW * (end - at))
      readAhead[0] = readPlaces(index, firstPlace, endPlace);
    for (; at < end; at++) {
      const row = rows[at]!;
      const id = key[row]!;
      if (id >= keys) {
        winners[row] = NO_WINNER;
        continue;
      }
      const asked = time[row]!;
      const start = starts[id]!;
      let low = start;
      let high = starts[id + 1]!;
      while (low < high) {
        const middle = (low + high) >>> 1;
        // False for NaN, so that a row without a time finds nothing.
        if (usableFrom[middle]! <= asked) low = middle + 1;
        else high = middle;
      }
      if (low === start) winners[row] = NO_WINNER;
      else if (winnerEvent[low - 1]! >= asked - ttl) winners[row] = winner[low - 1]!;
      else winners[row] = Number.isNaN(winnerEvent[low - 1]!) ? NO_WINNER : EXPIRED_WINNER;
    }
  }
  return winners;
}

/**
 * Reads one value of each cache line of some places, in order. Searching meets the same lines in no order, and waits for each;
 * these come as fast as memory gives them, and are in the cache then. The sum only keeps the reading from being left out.
 */
function readPlaces({ usableFrom, winner }: PointInTimeIndex, first: number, end: number): number {
  let sum = 0;
  for (let place = first; place < end; place += 8) sum += usableFrom[place]!;
  for (let place = first; place < end; place += 16) sum += winner[place]!;
  return sum;
}
