import path from 'node:path';
import { FalajError } from '../../../shared/errors.ts';
import { nearestHint } from '../../../shared/nearest-name.ts';
import {
  type Column,
  type ColumnType,
  findColumn,
  isPresent,
  microsToIso,
  type Table,
} from '../../../shared/table/column.ts';
import { readTableFile, takeRows } from '../../data/index.ts';
import { conformTable } from '../conform-table.ts';
import type { JsonValue } from '../packed-row.ts';
import { answerCell } from '../read-log/logged-cell.ts';
import { featureNames, type RequestPlan } from '../view-plans.ts';
import { isNumeric } from './compare-cells.ts';
import { instantColumn, type ServedReads } from './served-reads.ts';

interface FileSelection {
  readonly plan: RequestPlan;
  readonly file: string;
  readonly eventTime: string;
  /** Microseconds, both inclusive. */
  readonly since: number;
  readonly until: number;
  readonly signal: AbortSignal;
}

/** Values that were served elsewhere: key columns, an instant, and a column `view__feature` for each feature. */
export async function fileReads(selection: FileSelection): Promise<{ reads: ServedReads; absent: string[] }> {
  const { plan, file, eventTime, signal } = selection;
  const table = await readTableFile(file, { exactTimes: [eventTime], signal });
  const at = instantsOf(table, selection);
  const known = featureNames(plan.views.map(({ planned }) => planned));
  const features = known.filter((name) => findColumn(table, name) !== undefined);
  checkFeatures(table, known, features, selection);
  const keys = conformTable(table, plan.keys, {
    of: 'the service',
    required: new Set(),
    present: new Set(plan.keys.map(({ name }) => name)),
    strict: false,
  });
  const within = at.values as Float64Array;
  const rows = Uint32Array.from(
    [...within.keys()].filter((row) => within[row]! >= selection.since && within[row]! <= selection.until),
  );
  const spine = takeRows({ rows: table.rows, columns: [...keys.columns, at] }, rows);
  const columns = features.map((name) => findColumn(table, name)!);
  return {
    absent: known.filter((name) => !features.includes(name)),
    reads: {
      definitions: null,
      spine,
      eventTime: at.name,
      features,
      cell: (row, feature, type) => cellAs(columns[feature]!, rows[row]!, type),
      status: () => null,
    },
  };
}

function instantsOf(table: Table, { file, eventTime, plan }: FileSelection): Column {
  const column = findColumn(table, eventTime);
  if (column === undefined) {
    throw new FalajError('UNKNOWN_COLUMN', `"${path.basename(file)}" has no column "${eventTime}".`, {
      hint: nearestHint(
        eventTime,
        table.columns.map(({ name }) => name),
        'Name the column with the instant of each read: --event-time COLUMN.',
      ),
      details: { file, column: eventTime },
    });
  }
  if (column.type !== 'timestamp' && column.type !== 'date') {
    throw new FalajError('TYPE_MISMATCH', `Column "${eventTime}" is ${column.type}, not a time.`, {
      hint: 'Write every time as ISO-8601, such as 2026-01-31T12:00:00Z.',
      details: { file, column: eventTime, type: column.type },
    });
  }
  for (let row = 0; row < table.rows; row++) {
    if (isPresent(column, row)) continue;
    throw new FalajError('BAD_INPUT', `Row ${row + 1}: "${eventTime}" is empty.`, {
      hint: 'Every row needs the instant at which its values were read.',
      details: { file, row: row + 1, field: eventTime },
    });
  }
  return instantColumn(column.values, plan.keys);
}

function checkFeatures(
  table: Table,
  known: readonly string[],
  features: readonly string[],
  { file, plan }: FileSelection,
): void {
  const aliases = new Set(plan.views.map(({ planned }) => planned.alias));
  const names = table.columns.map(({ name }) => name);
  const stray = names.find((name) => {
    const [alias, feature] = name.split('__');
    return feature !== undefined && aliases.has(alias!) && !known.includes(name);
  });
  if (stray === undefined && features.length > 0) return;
  throw new FalajError(
    'UNKNOWN_COLUMN',
    stray === undefined
      ? `"${path.basename(file)}" has no column of a feature of this service.`
      : `The service has no feature "${stray}".`,
    {
      hint: nearestHint(
        stray ?? known[0]!,
        stray === undefined ? names : known,
        `Name the columns view__feature, such as ${known[0]!}.`,
      ),
      details: { file, ...(stray === undefined ? {} : { column: stray }) },
    },
  );
}

/** Throws TYPE_MISMATCH where a file holds another kind of values than the feature has. */
function cellAs(column: Column, row: number, type: ColumnType): JsonValue {
  if (!isPresent(column, row)) return null;
  if (kindOf(column.type) !== kindOf(type)) {
    throw new FalajError(
      'TYPE_MISMATCH',
      `"${column.name}" is ${type}, but the file has it as ${column.type}.`,
      {
        hint: 'Write numbers as numbers, truth values as true and false, and times as ISO-8601.',
        details: { column: column.name, wanted: type, given: column.type },
      },
    );
  }
  if (column.type !== 'timestamp' && column.type !== 'date') return answerCell(column, row);
  const text = microsToIso(column.values[row]!);
  return type === 'date' && text.endsWith('T00:00:00Z') ? text.slice(0, 10) : text;
}

const kindOf = (type: ColumnType): string =>
  isNumeric(type) ? 'number' : type === 'date' || type === 'timestamp' ? 'time' : type;
