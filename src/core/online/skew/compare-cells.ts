import { distance } from 'fastest-levenshtein';
import type { SkewCounts } from '../../../shared/contract/types.ts';
import type { ColumnType } from '../../../shared/table/column.ts';
import type { JsonValue } from '../packed-row.ts';

export type CellOutcome = 'equal' | 'mismatch' | 'missing' | 'extra';

/** Of longer texts only the beginning is measured: the work grows with the square. */
const MEASURED_CHARACTERS = 200;

/** What was served beside what is expected. Numbers are the same within that part of the larger one, at least of 1. */
export function compareCells(online: JsonValue, offline: JsonValue, tolerance: number): CellOutcome {
  if (online === null) return offline === null ? 'equal' : 'missing';
  if (offline === null) return 'extra';
  if (online === offline) return 'equal';
  if (typeof online !== 'number' || typeof offline !== 'number') return 'mismatch';
  const allowed = tolerance * Math.max(1, Math.abs(online), Math.abs(offline));
  return Math.abs(online - offline) <= allowed ? 'equal' : 'mismatch';
}

/** Counts one feature's outcomes and measures how far the values are apart. */
export class SkewTally {
  readonly #type: ColumnType;
  readonly #outcomes: Record<CellOutcome, number> = { equal: 0, mismatch: 0, missing: 0, extra: 0 };
  #measured = 0;
  #apart = 0;

  constructor(type: ColumnType) {
    this.#type = type;
  }

  add(online: JsonValue, offline: JsonValue, outcome: CellOutcome): void {
    this.#outcomes[outcome]++;
    if (online === null || offline === null) return;
    this.#measured++;
    if (online === offline) return;
    if (this.#type === 'string') this.#apart += textDistance(String(online), String(offline));
    else if (isNumeric(this.#type)) this.#apart += relativeDistance(Number(online), Number(offline));
  }

  counts(): SkewCounts {
    const mean = this.#measured === 0 ? null : this.#apart / this.#measured;
    return {
      ...this.#outcomes,
      smape: isNumeric(this.#type) ? mean : null,
      editDistance: this.#type === 'string' ? mean : null,
    };
  }
}

export const isNumeric = (type: ColumnType): boolean => type === 'float64' || type === 'int64';

/** From 0 for the same to 2 for opposite signs, or for zero beside anything else. */
const relativeDistance = (a: number, b: number): number =>
  a === b ? 0 : (2 * Math.abs(a - b)) / (Math.abs(a) + Math.abs(b));

const textDistance = (a: string, b: string): number =>
  distance(a.slice(0, MEASURED_CHARACTERS), b.slice(0, MEASURED_CHARACTERS));
