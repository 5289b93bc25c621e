import { microsToIso, type Table } from '../../shared/table/column.ts';
import type { PlannedView, ViewHistory } from '../features/index.ts';
import { type Found, fillColumns, type OnlineAnswer } from './online-answer.ts';
import { rowAt } from './online-record.ts';
import { packHistory } from './pack-history.ts';
import { timesOf } from './packed-row.ts';
import { layoutOf } from './view-layout.ts';
import type { AnswerPlan } from './view-plans.ts';
import { fillWindows } from './window-answers.ts';

/** The entities asked about, one a row, and when. */
export interface EntitiesAt {
  readonly keys: Table;
  /** The same as bytes; null where a part of the key is. */
  readonly bytes: readonly (Buffer | null)[];
  readonly at: number;
}

/** What a history says of these entities at that instant, as the online store would hold it. */
export async function foundInHistory(
  history: ViewHistory,
  whole: PlannedView,
  bytes: EntitiesAt['bytes'],
  at: number,
): Promise<Found> {
  const layout = layoutOf(history, whole);
  const packed = await packHistory(history, { planned: whole, layout, now: at });
  return {
    layout,
    records: bytes.map((key) => (key === null ? null : (packed.find(key)?.record ?? null))),
  };
}

/** One view's values, statuses and event times into the answers, one per entity. */
export async function fillFrom(
  plan: AnswerPlan,
  found: Found,
  { keys, bytes, at }: EntitiesAt,
  answers: readonly OnlineAnswer[],
): Promise<void> {
  const rows = answers.map((_answer, row) => inForce(found, row, at));
  for (const [row, answer] of answers.entries()) {
    const event = rows[row] == null ? null : timesOf(rows[row]).event;
    answer.eventTime[plan.planned.alias] = event === null ? null : microsToIso(event);
  }
  fillColumns(plan, found, rows, at, answers);
  if (plan.planned.features.some(({ aggregate }) => aggregate !== undefined)) {
    await fillWindows(plan, found, { keys, bytes, rows, at }, answers);
  }
}

function inForce({ layout, records }: Found, row: number, at: number): Buffer | null {
  const record = records[row] ?? null;
  return record === null ? null : (rowAt(record, at, layout) ?? null);
}
