import type { Dataset } from '../../../shared/contract/types.ts';
import type { Column, Table } from '../../../shared/table/column.ts';
import { evaluateExpressions } from '../../data/index.ts';
import { columnsToLoad } from './columns-to-load.ts';
import { shareColumn } from './compute/shared-memory.ts';
import type { PlannedView } from './join-plan.ts';
import type { JoinedData } from './joined-data.ts';
import type { SourceVersion } from './known-source.ts';

export interface SourceTable extends Table {
  /** The next row that corrects each; null when only current rows are there. */
  readonly correctedBy: Int32Array | null;
}

/**
 * The datasets that a join reads, each loaded once for all its views, in memory that threads share; and the columns that
 * expressions add to them, each computed once.
 */
export class SourceTables {
  readonly #data: JoinedData;
  /** The views that read a dataset themselves, for those asked for. */
  readonly #readers: readonly PlannedView[];
  /** By the reference of the view that reads it. */
  readonly #sources: ReadonlyMap<string, SourceVersion>;
  readonly #signal: AbortSignal | undefined;
  /** What may be used: with a cut-off, rows that were corrected later may have counted by then. */
  readonly asKnown: 'row' | number | null;
  readonly #tables = new Map<string, Promise<SourceTable>>();
  readonly #computed = new Map<string, Promise<Column>>();

  constructor(
    data: JoinedData,
    views: readonly PlannedView[],
    options: {
      readonly sourceOf?: ((planned: PlannedView) => SourceVersion) | undefined;
      readonly asKnown?: 'row' | number | null | undefined;
      readonly signal?: AbortSignal | undefined;
    } = {},
  ) {
    const newest = ({ view }: PlannedView): SourceVersion => ({
      dataset: data.get({ name: view.source.dataset! }),
      known: true,
    });
    const sourceOf = options.sourceOf ?? newest;
    this.#data = data;
    this.#readers = views.map(lowest).filter(({ view }) => view.source.dataset !== undefined);
    this.#sources = new Map(this.#readers.map((planned) => [planned.reference, sourceOf(planned)]));
    this.#signal = options.signal;
    this.asKnown = options.asKnown ?? null;
  }

  /** The data that a view reads, itself or through others; null when it is computed from requests. */
  of(planned: PlannedView): SourceVersion | null {
    return this.#sources.get(lowest(planned).reference) ?? null;
  }

  /** The current rows, or with corrections all that ever were. */
  table(dataset: Dataset, withCorrections: boolean): Promise<SourceTable> {
    const id = `${versionId(dataset)}${withCorrections ? ' with corrections' : ''}`;
    let table = this.#tables.get(id);
    if (table === undefined) {
      table = this.#load(dataset, withCorrections);
      this.#tables.set(id, table);
    }
    return table;
  }

  /** A row-wise expression over the rows of this id, as a column of this name. */
  async expression(id: string, rows: Table, named: { name: string; expression: string }): Promise<Column> {
    const key = JSON.stringify([id, named.expression]);
    let column = this.#computed.get(key);
    if (column === undefined) {
      column = this.#evaluate(rows, named);
      this.#computed.set(key, column);
    }
    return { ...(await column), name: named.name };
  }

  async #evaluate(rows: Table, named: { name: string; expression: string }): Promise<Column> {
    const [column] = await evaluateExpressions(rows, [named], { signal: this.#signal });
    return shareColumn(column!);
  }

  async #load(dataset: Dataset, withCorrections: boolean): Promise<SourceTable> {
    const id = versionId(dataset);
    const readers = this.#readers.filter((planned) => versionId(this.of(planned)!.dataset) === id);
    const used = new Set(readers.flatMap((planned) => [...columnsToLoad(planned, dataset)]));
    const table = await this.#data.load({
      name: dataset.name,
      version: dataset.version,
      memory: 'shared',
      columns: dataset.columns.map((column) => column.name).filter((column) => used.has(column)),
      withCorrections,
    });
    return {
      rows: table.rows,
      columns: table.columns.map(shareColumn),
      correctedBy: table.correctedBy ?? null,
    };
  }
}

/** The view at the bottom of those that one reads: itself when it reads none. */
export const lowest = (planned: PlannedView): PlannedView =>
  planned.base === null ? planned : lowest(planned.base);

export const versionId = ({ name, version }: Dataset): string => `${name}@${version}`;
