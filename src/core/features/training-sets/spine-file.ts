import path from 'node:path';
import { FalajError, isFalajError } from '../../../shared/errors.ts';
import { nearestName } from '../../../shared/nearest-name.ts';
import {
  type Column,
  findColumn,
  isPresent,
  type NumberColumn,
  type StringColumn,
  type Table,
} from '../../../shared/table/column.ts';
import { parseInstant } from '../../../shared/units.ts';
import type { DataRoom } from '../../data/index.ts';
import type { PlannedView } from '../join/join-plan.ts';

export interface SpineOptions {
  readonly eventTime: string | null;
  readonly signal: AbortSignal;
  /** Work that begins once another process has been asked to read, and goes first: rows are taken after it. It never fails. */
  readonly meanwhile?: (() => Promise<void>) | undefined;
}

/** Reads the rows that are to get features. Throws whatever reading a table throws, and NO_ROWS. */
export async function readSpine(
  data: Pick<DataRoom, 'readTable'>,
  file: string,
  { eventTime, signal, meanwhile }: SpineOptions,
): Promise<Table> {
  const exactTimes = eventTime === null ? [] : [eventTime];
  // Threads look up its keys and hash its columns.
  const spine = await data.readTable(file, { exactTimes, memory: 'shared', signal, meanwhile });
  if (spine.rows > 0) return spine;
  throw new FalajError('NO_ROWS', `"${path.basename(file)}" has columns but no rows.`, {
    hint: 'Give one row per moment at which features are asked for.',
    details: { file },
  });
}

/**
 * Checks time and keys before any work is done.
 *
 * @throws UNKNOWN_COLUMN or TYPE_MISMATCH naming file and column.
 */
export function checkSpine(
  spine: Table,
  asked: { readonly file: string; readonly eventTime: string; readonly views: readonly PlannedView[] },
): void {
  checkTime(spine, asked.file, asked.eventTime);
  for (const { view, keys, request } of asked.views) {
    for (const key of keys) {
      const column = required(spine, asked.file, key.spine, `key "${key.name}" of view "${view.name}"`);
      if (column.type !== key.type) throw keyMismatch(column, key, asked.file);
    }
    for (const { name, spine: spineName } of request ?? [])
      required(spine, asked.file, spineName, `request column "${name}" of view "${view.name}"`);
  }
}

/**
 * The column that is to be predicted.
 *
 * @throws UNKNOWN_COLUMN.
 */
export const labelColumn = (spine: Table, file: string, name: string): Column =>
  required(spine, file, name, 'the label');

function checkTime(spine: Table, file: string, name: string): void {
  const column = required(spine, file, name, 'the event time', 'Name it with --event-time.');
  if (column.type === 'timestamp' || column.type === 'date') return;
  const row = column.type === 'string' ? firstNoTime(column) : -1;
  const where = row === -1 ? '' : ` (row ${row + 1} is no ISO-8601)`;
  throw new FalajError(
    'TYPE_MISMATCH',
    `Column "${name}" of "${path.basename(file)}" is ${column.type}, not a time${where}.`,
    {
      hint:
        column.type === 'string'
          ? 'Write every time as ISO-8601, such as 2026-01-31T12:00:00Z.'
          : 'A number is not taken for a time, since its unit is unknown: write ISO-8601, or a timestamp in Parquet.',
      details: { file, column: name, type: column.type },
    },
  );
}

/** The first row that made a column of times one of text; -1 where none did alone. */
const firstNoTime = ({ values, dictionary, validity }: StringColumn): number =>
  values.findIndex((code, row) => validity?.[row] !== 0 && !isInstant(dictionary[code]!));

function isInstant(text: string): boolean {
  try {
    parseInstant(text);
    return true;
  } catch (error) {
    if (isFalajError(error)) return false;
    throw error;
  }
}

function required(spine: Table, file: string, name: string, role: string, advice = ''): Column {
  const column = findColumn(spine, name);
  if (column !== undefined) return column;
  const names = spine.columns.map((known) => known.name);
  const nearest = nearestName(name, names);
  const shown = names.slice(0, SHOWN_NAMES).join(', ');
  const suggestion =
    nearest === null
      ? `The columns are: ${shown}${names.length > SHOWN_NAMES ? ', …' : ''}.`
      : `Did you mean "${nearest}"?`;
  throw new FalajError('UNKNOWN_COLUMN', `"${path.basename(file)}" has no column "${name}" for ${role}.`, {
    hint: advice === '' ? suggestion : `${suggestion} ${advice}`,
    details: { file, column: name },
  });
}

const SHOWN_NAMES = 20;
const INT64_END = 2 ** 63;

function keyMismatch(
  column: Column,
  key: { readonly name: string; readonly type: string },
  file: string,
): FalajError {
  const where = `Column "${column.name}" of "${path.basename(file)}"`;
  const details = { file, column: column.name, type: column.type, wanted: key.type };
  if (column.type === 'float64' && key.type === 'int64') {
    const tooWide = firstRow(column, (value) => Math.abs(value) >= INT64_END);
    const fraction = firstRow(column, (value) => !Number.isInteger(value));
    const fault =
      fraction !== null
        ? ` (row ${fraction} is not a whole number)`
        : tooWide !== null
          ? ` (row ${tooWide} does not fit 64 bits)`
          : '';
    return new FalajError('TYPE_MISMATCH', `${where} is float64${fault}, but key "${key.name}" is int64.`, {
      hint: 'Write the key as whole numbers within 64 bits.',
      details,
    });
  }
  return new FalajError(
    'TYPE_MISMATCH',
    `${where} is ${column.type}, but key "${key.name}" is ${key.type}.`,
    {
      hint: 'Give both the same type: a text "7" never equals the number 7.',
      details,
    },
  );
}

/** Counted from 1, as a person counts the rows below the header. */
function firstRow(column: NumberColumn, isWrong: (value: number) => boolean): number | null {
  for (let row = 0; row < column.values.length; row++) {
    if (isPresent(column, row) && isWrong(column.values[row]!)) return row + 1;
  }
  return null;
}
