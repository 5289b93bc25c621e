import { countKeys } from './key-runs.ts';
import type { PointInTimeIndex } from './point-in-time-index.ts';
import { sortedRuns } from './sorted-runs.ts';
import { supersedes } from './supersedes.ts';
import { type KeyedHistory, usableTimes } from './timeline.ts';
import { WinnerHeap } from './winner-heap.ts';

/**
 * The index of a history whose facts end when a correction of them becomes known: a place for each instant at which a fact
 * comes into use or ends, with the winner from then on. A NaN as the winner's event says that there is none.
 */
export function correctedIndex(history: KeyedHistory, until: Float64Array): PointInTimeIndex {
  const { key, event, known } = history;
  const rows = key.length;
  const usable = usableTimes(history, 'row', 0);
  const changes = sortedRuns(twice(key), changesOf(usable, until), countKeys(key));
  const { starts, rows: change, values: usableFrom } = changes;
  const winner = new Uint32Array(change.length);
  const winnerEvent = new Float64Array(change.length);
  const heap = new WinnerHeap((a, b) => supersedes(event, known, a, b));
  for (let id = 0; id + 1 < starts.length; id++) {
    heap.clear();
    for (let place = starts[id]!; place < starts[id + 1]!; place++) {
      const row = change[place]!;
      if (row < rows) heap.add(row);
      const best = heap.best((candidate) => until[candidate]! <= usableFrom[place]!);
      winner[place] = best ?? 0;
      winnerEvent[place] = best === null ? Number.NaN : event[best]!;
    }
  }
  return { starts, usableFrom, winner, winnerEvent };
}

function twice(key: Uint32Array): Uint32Array {
  const both = new Uint32Array(2 * key.length);
  both.set(key);
  both.set(key, key.length);
  return both;
}

/** Per row when it comes into use, then per row when it ends; NaN for what never is, or never does. */
function changesOf(usable: Float64Array, until: Float64Array): Float64Array {
  const changes = new Float64Array(2 * usable.length);
  changes.set(usable);
  for (let row = 0; row < usable.length; row++) {
    const isEver = usable[row]! < until[row]!;
    if (!isEver) changes[row] = Number.NaN;
    changes[usable.length + row] = isEver && Number.isFinite(until[row]!) ? until[row]! : Number.NaN;
  }
  return changes;
}
