import { columnsOf, describeExpectation, type Expectation } from '../../../shared/definitions/datasets.ts';
import { FalajError } from '../../../shared/errors.ts';
import {
  type Column,
  type ColumnSchema,
  cellToJson,
  microsToIso,
  type Table,
} from '../../../shared/table/column.ts';
import { parseDuration } from '../../../shared/units.ts';
import { concatenateTables } from '../history/concatenate.ts';
import { loadPart, type OpenPart } from '../history/part-reader.ts';
import { NO_KEY, RowKeys } from '../history/row-keys.ts';
import { expectationMisfit } from './expectation-fit.ts';
import { failingRows } from './failing-rows.ts';

/** Offending rows that an error lists, per expectation. */
const LISTED_ROWS = 20;

export interface CheckedImport {
  readonly name: string;
  readonly expectations: readonly Expectation[];
  readonly eventTime: string | null;
  readonly columns: readonly ColumnSchema[];
  /** Parts that were there, with masks as they will be. */
  readonly before: readonly OpenPart[];
  readonly added: readonly OpenPart[];
  readonly nowMs: number;
}

interface Failure {
  /** The expectation and how far it was missed. */
  readonly text: string;
  readonly rows: readonly string[];
}

/** Throws EXPECTATION_FAILED that names every expectation which the imported rows do not meet, with the first such rows. */
export async function checkExpectations(checked: CheckedImport): Promise<void> {
  for (const [index, one] of checked.expectations.entries()) assertFits(checked, one, index);
  const failures: Failure[] = [];
  for (const one of checked.expectations) {
    const failure =
      'freshness' in one ? staleness(checked, one.freshness) : await rowFailure(checked, one, one.maxShare);
    if (failure !== null) failures.push(failure);
  }
  if (failures.length === 0) return;
  const rows = failures.flatMap((failure) => failure.rows);
  const listed = rows.slice(0, LISTED_ROWS);
  throw new FalajError(
    'EXPECTATION_FAILED',
    `The rows are not what dataset "${checked.name}" expects: ${failures.map(({ text }) => text).join('; ')}.${
      listed.length === 0 ? '' : ` First such rows: ${listed.join('; ')}.`
    }`,
    {
      hint: 'Nothing was imported. Correct the rows, or change the expectations and apply them.',
      details: { dataset: checked.name, expectations: failures.map(({ text }) => text), rows },
    },
  );
}

function assertFits({ name, columns, eventTime }: CheckedImport, one: Expectation, index: number): void {
  if ('freshness' in one && eventTime === null) {
    throw new FalajError(
      'BAD_DEFINITION',
      `Dataset "${name}" is expected to be fresh but has no event time.`,
      {
        hint: 'Set eventTime in its definition, or import it with an event time.',
      },
    );
  }
  const misfit = expectationMisfit(one, columns);
  if (misfit === null) return;
  throw new FalajError(misfit.code, `Expectation ${index + 1} of dataset "${name}": ${misfit.message}`, {
    hint: misfit.hint,
    details: { column: misfit.column },
  });
}

function staleness({ before, added, eventTime, nowMs }: CheckedImport, freshness: string): Failure | null {
  const newest = Math.max(
    ...[...before, ...added].map(({ segment }) => segment.greatest(eventTime!) ?? Number.NEGATIVE_INFINITY),
  );
  if (nowMs * 1000 - newest <= parseDuration(freshness)) return null;
  return { text: `newest event time at most ${freshness} old (it is ${microsToIso(newest)})`, rows: [] };
}

async function rowFailure(
  checked: CheckedImport,
  one: Exclude<Expectation, { freshness: string }>,
  maxShare: number,
): Promise<Failure | null> {
  const names = columnsOf(one);
  const columns = names.map((name) => checked.columns.find((column) => column.name === name)!);
  const tables: Table[] = [];
  for (const part of checked.added)
    tables.push((await loadPart(part, { columns, withSuperseded: true })).table);
  const failing =
    'unique' in one
      ? await repeated(checked, columns, tables)
      : tables.map((table) => failingRows(one, table.columns[0]!));
  const failed = failing.reduce((sum, flags) => sum + count(flags), 0);
  const rows = tables.reduce((sum, table) => sum + table.rows, 0);
  if (failed === 0 || failed / rows <= maxShare) return null;
  return {
    text: `${describeExpectation(one)} (${failed} of ${rows} rows fail)`,
    rows: offenders(checked.added, tables, failing),
  };
}

/** 1 for each added row whose values an earlier current row has as well. */
async function repeated(
  { before, added }: CheckedImport,
  columns: readonly ColumnSchema[],
  tables: readonly Table[],
): Promise<Uint8Array[]> {
  const keys = RowKeys.of(concatenateTables(columns, tables).columns);
  const seen = new Uint8Array(keys.size);
  for (const part of before) {
    const { table } = await loadPart(part, { columns });
    for (const code of keys.codesOf(table.columns)) if (code !== NO_KEY) seen[code] = 1;
  }
  let at = 0;
  return tables.map((table, index) => {
    const flags = new Uint8Array(table.rows);
    const mask = added[index]!.mask;
    for (let row = 0; row < table.rows; row++) {
      const code = keys.codes[at++]!;
      if (code === NO_KEY || mask?.[row] === 1) continue;
      flags[row] = seen[code]!;
      seen[code] = 1;
    }
    return flags;
  });
}

const count = (flags: Uint8Array): number => flags.reduce((sum, flag) => sum + flag, 0);

/** The first offending rows by their number in the file, with the values that were looked at. */
function offenders(
  added: readonly OpenPart[],
  tables: readonly Table[],
  failing: readonly Uint8Array[],
): string[] {
  const listed: string[] = [];
  tables.forEach((table, index) => {
    const flags = failing[index]!;
    const file = added.length === 1 ? '' : `${added[index]!.part.source} `;
    for (
      let row = flags.indexOf(1);
      row !== -1 && listed.length < LISTED_ROWS;
      row = flags.indexOf(1, row + 1)
    )
      listed.push(`${file}row ${row + 1} (${table.columns.map((column) => shown(column, row)).join(', ')})`);
  });
  return listed;
}

const shown = (column: Column, row: number): string =>
  `${column.name} = ${JSON.stringify(cellToJson(column, row))}`;
