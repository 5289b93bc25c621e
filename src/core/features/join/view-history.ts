import { FalajError } from '../../../shared/errors.ts';
import { type Column, findColumn, isPresent, type Table } from '../../../shared/table/column.ts';
import { parseDuration } from '../../../shared/units.ts';
import { takeRows } from '../../data/index.ts';
import { mentionedColumns, wantedExpressions } from './columns-to-load.ts';
import { rowsEverKnown, untilCorrected } from './corrected-rows.ts';
import type { PlannedView } from './join-plan.ts';
import { type SourceTables, versionId } from './source-tables.ts';
import { times } from './time-columns.ts';

/** A view's source in memory: the rows its filter lets through, with its expressions computed. */
export interface ViewHistory {
  readonly table: Table;
  /** What the source calls its event time. */
  readonly eventTime: string;
  readonly event: Float64Array;
  /** Null when neither the view nor its dataset has a known time. */
  readonly known: Float64Array | null;
  /** When a correction of each row became known, which ends it; null where that ends no row. */
  readonly until: Float64Array | null;
  readonly ttlMicros: number | null;
  /** Row of the dataset per row, where filters left some out; null when none. */
  readonly sourceRow: Uint32Array | null;
}

/** Rows before a view's filter and expressions; `id` tells them apart from other rows in memory. */
type SourceRows = Omit<ViewHistory, 'ttlMicros'> & { readonly id: string };

/** A view's rows out of its dataset, or out of the view that it reads. */
export async function loadHistory(sources: SourceTables, planned: PlannedView): Promise<ViewHistory> {
  const rows = planned.base === null ? await datasetRows(sources, planned) : await viewRows(sources, planned);
  const table = await withExpressions(sources, planned, rows);
  const kept = await keptRows(sources, planned, rows);
  const { ttl } = planned.view;
  return {
    ...(kept === null ? { ...rows, table } : historyRows({ ...rows, table }, kept)),
    ttlMicros: ttl === undefined ? null : parseDuration(ttl),
  };
}

async function datasetRows(sources: SourceTables, planned: PlannedView): Promise<SourceRows> {
  const { view } = planned;
  const { zone } = view.source;
  const { dataset, known } = sources.of(planned)!;
  const eventTime = view.source.eventTime ?? dataset.eventTime;
  if (eventTime === null) {
    throw new FalajError('BAD_DEFINITION', `The source of view "${view.name}" has no event time.`, {
      hint: 'Set source.eventTime, or import the dataset with --event-time.',
    });
  }
  const knownTime = view.source.knownTime ?? dataset.knownTime;
  // What later rows have corrected counts for questions of the time before.
  const isCorrected = dataset.parts.some(({ supersededRows }) => supersededRows > 0);
  const withCorrections = isCorrected && knownTime !== null && sources.asKnown !== null;
  const { correctedBy, ...all } = await sources.table(dataset, withCorrections);
  const table = known ? all : takeRows(all, new Uint32Array(0));
  const rows: SourceRows = {
    id: `dataset/${versionId(dataset)}${known ? '' : ' unknown'}`,
    table,
    sourceRow: null,
    eventTime,
    event: times(table, eventTime, zone),
    known: knownTime === null ? null : times(table, knownTime, zone),
    until: null,
  };
  if (correctedBy === null) return rows;
  return knownRows({ ...rows, id: `${rows.id} known at ${knownTime}` }, correctedBy, sources.asKnown!);
}

/** Out of a whole history the rows that count under the cut-off, and until when each does. */
function knownRows(whole: SourceRows, correctedBy: Int32Array, asKnown: 'row' | number): SourceRows {
  const until = untilCorrected(whole.known!, correctedBy);
  const kept = rowsEverKnown(whole.known!, until, asKnown);
  // By one instant for all, whatever has ended by then is gone.
  const rows = { ...whole, until: asKnown === 'row' ? until : null };
  return kept === null ? rows : historyRows(rows, kept);
}

/** The history of the view that this one reads, with columns named by its keys and its features. */
async function viewRows(sources: SourceTables, planned: PlannedView): Promise<SourceRows> {
  const whole = planned.base!;
  const used = mentionedColumns(
    planned,
    whole.features.map(({ name }) => name),
  );
  for (const { name } of whole.keys) used.delete(name);
  const base = { ...whole, features: whole.features.filter(({ name }) => used.has(name)) };
  const history = await loadHistory(sources, base);
  const features = base.features.map(({ name, column, expression }) => ({
    name,
    source: expression === undefined ? (column ?? name) : name,
  }));
  const columns = [...base.keys, ...features].map(
    ({ name, source }): Column => ({ ...requireSourceColumn(history.table, base, source), name }),
  );
  return { ...history, id: `view/${base.reference}`, table: { rows: history.table.rows, columns } };
}

/** @throws UNKNOWN_COLUMN where the source has lost it since the view was applied. */
export function requireSourceColumn(table: Table, planned: PlannedView, name: string): Column {
  const column = findColumn(table, name);
  if (column !== undefined) return column;
  throw new FalajError(
    'UNKNOWN_COLUMN',
    `View "${planned.view.name}" reads a column "${name}" that its source no longer has.`,
    {
      hint: 'Import the dataset again with that column, or change the view.',
      details: { column: name, view: planned.view.name },
    },
  );
}

async function withExpressions(
  sources: SourceTables,
  planned: PlannedView,
  rows: SourceRows,
): Promise<Table> {
  const { table } = rows;
  const computed: Column[] = [];
  for (const named of wantedExpressions(planned))
    computed.push(await sources.expression(planned, rows, named));
  const names = new Set(computed.map((column) => column.name));
  return {
    rows: table.rows,
    columns: [...table.columns.filter((column) => !names.has(column.name)), ...computed],
  };
}

/** The rows that the filter lets through, null for all. */
async function keptRows(
  sources: SourceTables,
  planned: PlannedView,
  source: SourceRows,
): Promise<Uint32Array | null> {
  const { table } = source;
  const { filter } = planned.view.source;
  if (filter === undefined) return null;
  const kept = await sources.expression(planned, source, { name: 'filter', expression: filter });
  if (kept.type !== 'bool') {
    throw new FalajError('BAD_EXPRESSION', `The filter "${filter}" is not a condition.`, {
      hint: 'Write an expression that is true or false, such as distance > 0.',
    });
  }
  const rows = new Uint32Array(table.rows);
  let count = 0;
  for (let row = 0; row < table.rows; row++)
    if (kept.values[row] === 1 && isPresent(kept, row)) rows[count++] = row;
  return count === table.rows ? null : rows.slice(0, count);
}

/** The given rows of a history, in the given order. */
export const historyRows = <History extends Omit<ViewHistory, 'ttlMicros'>>(
  source: History,
  rows: Uint32Array,
): History => ({
  ...source,
  sourceRow: source.sourceRow === null ? rows : rows.map((row) => source.sourceRow![row]!),
  table: takeRows(source.table, rows),
  event: gather(source.event, rows),
  known: source.known === null ? null : gather(source.known, rows),
  until: source.until === null ? null : gather(source.until, rows),
});

function gather(values: Float64Array, rows: Uint32Array): Float64Array {
  const gathered = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at++) gathered[at] = values[rows[at]!]!;
  return gathered;
}
