import type { OnlineStatus } from '../../shared/contract/types.ts';
import { type Column, cellToJson } from '../../shared/table/column.ts';
import type { OnlineRecord } from './online-record.ts';
import { type JsonValue, timesOf } from './packed-row.ts';
import { staleRows, type ViewLayout } from './view-layout.ts';
import type { AnswerPlan, ReadPlan } from './view-plans.ts';

/** The answer for one key, in the making. */
export interface OnlineAnswer {
  readonly values: Record<string, JsonValue>;
  readonly status: Record<string, OnlineStatus>;
  readonly eventTime: Record<string, string | null>;
}

/** What is stored of the asked-for entities of one view. */
export interface Found {
  readonly layout: ViewLayout;
  /** Per key of the request; null where there is no row. */
  readonly records: readonly (OnlineRecord | null)[];
}

export const isExpired = (row: Buffer, at: number, ttlMicros: number | null): boolean =>
  ttlMicros !== null && timesOf(row).event < at - ttlMicros;

/** Features that are computed from the request alone. */
export function fillComputed(
  { planned }: ReadPlan,
  columns: readonly Column[],
  answers: readonly OnlineAnswer[],
): void {
  for (const [index, answer] of answers.entries()) {
    answer.eventTime[planned.alias] = null;
    for (const column of columns) {
      const value = cellToJson(column, index);
      answer.values[column.name] = value;
      answer.status[column.name] = value === null ? 'NULL' : 'PRESENT';
    }
  }
}

/** Features that are taken from the row in force. */
export function fillColumns(
  { planned, ttlMicros }: AnswerPlan,
  { layout: { features: layout } }: Found,
  rows: readonly (Buffer | null)[],
  at: number,
  answers: readonly OnlineAnswer[],
): void {
  for (const { name, aggregate } of planned.features) {
    if (aggregate !== undefined) continue;
    const column = `${planned.alias}__${name}`;
    const place = layout.place(name);
    if (place < 0) throw staleRows(planned.view.name);
    for (const [index, answer] of answers.entries()) {
      const row = rows[index]!;
      const expired = row !== null && isExpired(row, at, ttlMicros);
      const value = row === null || expired ? null : layout.json(row, place);
      answer.values[column] = value;
      answer.status[column] =
        row === null ? 'NOT_FOUND' : expired ? 'EXPIRED' : value === null ? 'NULL' : 'PRESENT';
    }
  }
}
