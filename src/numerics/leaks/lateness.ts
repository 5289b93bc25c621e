import { valuesAtRanks } from '../profile/index.ts';

/** Rows that were given what became known after their own time, and by how much in the middle of them. */
export interface Lateness {
  readonly rows: number;
  readonly medianMicros: number;
}

/** Per row how late the latest of the given knowledge came; NaN where none came late. */
export function latenessOf(time: Float64Array, knowledge: readonly Float64Array[]): Float64Array {
  return Float64Array.from(time, (instant, row) => {
    let latest = Number.NaN;
    for (const known of knowledge) {
      const late = known[row]! - instant;
      if (late > 0 && !(late <= latest)) latest = late;
    }
    return latest;
  });
}

/** How many facts are late, and by how much in the middle; null where none is. */
export function summarise(lateness: Float64Array): Lateness | null {
  const late = lateness.filter((micros) => !Number.isNaN(micros));
  if (late.length === 0) return null;
  return { rows: late.length, medianMicros: valuesAtRanks(late, [Math.floor((late.length - 1) / 2)])[0]! };
}

export interface SameInstant {
  /** Rows that were given a fact of exactly their own time. */
  readonly rows: number;
  /** Rows that were given any fact. */
  readonly of: number;
}

/** How many rows were given a fact of exactly their own time; `event` is that of the newest fact, NaN for none. */
export function sameInstant(time: Float64Array, event: Float64Array): SameInstant {
  let [rows, of] = [0, 0];
  for (let row = 0; row < time.length; row++) {
    if (Number.isNaN(event[row]!)) continue;
    of++;
    if (event[row] === time[row]) rows++;
  }
  return { rows, of };
}
