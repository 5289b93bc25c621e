import type { OnlineStatus } from '../../../shared/contract/types.ts';
import { type Column, cellToJson, isPresent } from '../../../shared/table/column.ts';
import { type JsonValue, wholeNumberToJson } from '../packed-row.ts';

/** A cell as an online answer holds it: whole numbers as numbers as far as these are exact, else as text. */
export function answerCell(column: Column, row: number): JsonValue {
  if (column.values instanceof BigInt64Array && isPresent(column, row)) {
    return wholeNumberToJson(column.values[row]!);
  }
  return cellToJson(column, row);
}

const LETTERS: Readonly<Record<OnlineStatus, string>> = {
  PRESENT: 'P',
  NULL: 'N',
  EXPIRED: 'E',
  NOT_FOUND: 'F',
};
const STATUSES = new Map(
  (Object.entries(LETTERS) as [OnlineStatus, string][]).map(([status, letter]) => [letter, status]),
);

/** The statuses of an answer, a letter each. */
export const lettersOf = (statuses: readonly OnlineStatus[]): string =>
  statuses.map((status) => LETTERS[status]).join('');

export const statusOf = (letters: string, place: number): OnlineStatus | null =>
  STATUSES.get(letters[place] ?? '') ?? null;
