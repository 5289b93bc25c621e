import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { compareTables } from '../../numerics/drift/index.ts';
import { driftColumn } from '../../shared/contract/monitoring.ts';
import type {
  ChangedRoom,
  DriftCheck,
  DriftCheckSummary,
  DriftReport,
  DriftTest,
} from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { parseSelection, type Selection } from '../../shared/selection.ts';
import { findColumn, type Table } from '../../shared/table/column.ts';
import type { AuditLog } from '../audit/index.ts';
import type { DataRoom } from '../data/index.ts';
import type { JobContext } from '../jobs/index.ts';
import type { Store } from '../store/index.ts';

export interface MonitoringOptions {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly data: DataRoom;
  readonly notify: (room: ChangedRoom) => void;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly newId?: () => string;
}

export interface DriftCheckInput {
  /** `NAME` or `NAME[FROM..TO]`. */
  readonly reference: string;
  readonly current: string;
  readonly columns?: readonly string[] | undefined;
  readonly tests?: 'auto' | DriftTest;
}

/** Has the world moved? Compares two stretches of data and keeps what was found. */
export class MonitoringRoom {
  readonly #options: MonitoringOptions;
  readonly #store: Store;
  readonly #newId: () => string;

  constructor(options: MonitoringOptions) {
    this.#options = options;
    this.#store = options.store;
    this.#newId = options.newId ?? (() => randomBytes(16).toString('hex'));
  }

  /** Newest first. */
  list(): DriftCheckSummary[] {
    return this.#store
      .statement<CheckRow>(`SELECT * FROM monitoring_check ORDER BY checked_at DESC, rowid DESC LIMIT 1000`)
      .all()
      .map((row) => ({ ...facts(row), columns: row.column_count, drifted: row.drifted_count }));
  }

  get(input: { id: string }): DriftCheck {
    const row = this.#store.statement<CheckRow>(`SELECT * FROM monitoring_check WHERE id = ?`).get(input.id);
    if (!row) throw new FalajError('NOT_FOUND', `There is no drift check ${input.id}.`);
    return { ...facts(row), columns: storedColumns.parse(JSON.parse(row.columns)) };
  }

  /** Without named columns: all that both sides have, but for the event time and the known time, which move by themselves. */
  async check(context: JobContext, input: DriftCheckInput): Promise<DriftCheck> {
    const [reference, current] = [parseSelection(input.reference), parseSelection(input.current)];
    const columns = input.columns ?? this.#commonColumns(reference, current);
    const load = async (selection: Selection, from: number): Promise<Table> => {
      context.progress({ step: 'load', fraction: from });
      const table = await this.#options.data.load({ ...selection, columns });
      context.signal.throwIfAborted();
      return table;
    };
    const referenceTable = await load(reference, 0);
    const currentTable = await load(current, 0.4);
    context.progress({ step: 'compare', fraction: 0.7 });
    return this.compare({ ...input, columns, referenceTable, currentTable });
  }

  /** Compares two tables that are already in memory, and keeps the result under the given names. */
  compare(
    input: DriftCheckInput & { readonly referenceTable: Table; readonly currentTable: Table },
  ): DriftCheck {
    for (const [name, table] of [
      [input.reference, input.referenceTable],
      [input.current, input.currentTable],
    ] as const) {
      if (table.rows === 0) {
        throw new FalajError('NO_ROWS', `${name} has no rows to compare.`, {
          hint: 'Choose a stretch of time that holds data.',
        });
      }
    }
    const report = compareTables(
      withColumns(input.referenceTable, input.columns),
      withColumns(input.currentTable, input.columns),
      { tests: input.tests ?? 'auto' },
    );
    return this.#keep(input.reference, input.current, report);
  }

  #commonColumns(reference: Selection, current: Selection): string[] {
    const [first, second] = [this.#options.data.get(reference), this.#options.data.get(current)];
    const times = new Set([first.eventTime, first.knownTime, second.eventTime, second.knownTime]);
    const names = new Set(second.columns.map(({ name }) => name));
    const common = first.columns
      .map(({ name }) => name)
      .filter((name) => names.has(name) && !times.has(name));
    if (common.length > 0) return common;
    throw new FalajError(
      'UNKNOWN_COLUMN',
      `${reference.name} and ${current.name} have no column in common.`,
      {
        hint: 'Compare two versions, or two stretches, of the same data.',
      },
    );
  }

  #keep(reference: string, current: string, report: DriftReport): DriftCheck {
    const { audit, clock, notify } = this.#options;
    const id = this.#newId();
    const now = clock();
    const drifted = report.columns.filter((column) => column.drift).length;
    this.#store.transaction(() => {
      this.#store
        .statement(
          `INSERT INTO monitoring_check
             (id, reference, current, checked_at, drift, reference_rows, current_rows, column_count, drifted_count, columns)
           VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
        )
        .run(
          id,
          reference,
          current,
          now,
          report.drift ? 1 : 0,
          report.rows.reference,
          report.rows.current,
          report.columns.length,
          drifted,
          JSON.stringify(report.columns),
        );
      audit.append({
        action: 'drift.check',
        object: `drift/${id}`,
        details: { reference, current, drift: report.drift, columns: report.columns.length, drifted },
      });
    });
    notify('monitoring');
    return { id, reference, current, checkedAt: new Date(now).toISOString(), ...report };
  }
}

interface CheckRow {
  readonly id: string;
  readonly reference: string;
  readonly current: string;
  readonly checked_at: number;
  readonly drift: number;
  readonly reference_rows: number;
  readonly current_rows: number;
  readonly column_count: number;
  readonly drifted_count: number;
  readonly columns: string;
}

const storedColumns = z.array(driftColumn);

const facts = (row: CheckRow): Omit<DriftCheck, 'columns'> => ({
  id: row.id,
  reference: row.reference,
  current: row.current,
  checkedAt: new Date(row.checked_at).toISOString(),
  drift: row.drift === 1,
  rows: { reference: row.reference_rows, current: row.current_rows },
});

function withColumns(table: Table, names: readonly string[] | undefined): Table {
  if (names === undefined) return table;
  const columns = names.map((name) => {
    const column = findColumn(table, name);
    if (!column)
      throw new FalajError('UNKNOWN_COLUMN', `There is no column ${name}.`, { details: { column: name } });
    return column;
  });
  return { rows: table.rows, columns };
}
