import type { Dataset } from '../../../shared/contract/types.ts';
import type { Column, Table } from '../../../shared/table/column.ts';
import { type DataRoom, evaluateExpressions } from '../../data/index.ts';
import { columnsToLoad } from './columns-to-load.ts';
import type { PlannedView } from './join-plan.ts';
import { shareColumn } from './sweep-task.ts';

/** What a join asks of the data room. */
export type JoinedData = Pick<DataRoom, 'get' | 'load'>;

/**
 * The datasets that a join reads, each loaded once for all its views, in memory that threads share; and the columns that
 * expressions add to them, each computed once.
 */
export class SourceTables {
  readonly #data: JoinedData;
  readonly #views: readonly PlannedView[];
  readonly #signal: AbortSignal | undefined;
  readonly #tables = new Map<string, Promise<Table>>();
  readonly #computed = new Map<string, Promise<Column>>();

  constructor(data: JoinedData, views: readonly PlannedView[], signal?: AbortSignal) {
    this.#data = data;
    this.#views = views.flatMap(withBases);
    this.#signal = signal;
  }

  dataset(name: string): Dataset {
    return this.#data.get({ name });
  }

  table(name: string): Promise<Table> {
    let table = this.#tables.get(name);
    if (table === undefined) {
      table = this.#load(name);
      this.#tables.set(name, table);
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

  async #load(name: string): Promise<Table> {
    const dataset = this.dataset(name);
    const views = this.#views.filter(({ view }) => view.source.dataset === name);
    const used = new Set(views.flatMap((planned) => [...columnsToLoad(planned, dataset)]));
    const table = await this.#data.load({
      name,
      version: dataset.version,
      columns: dataset.columns.map((column) => column.name).filter((column) => used.has(column)),
    });
    return { rows: table.rows, columns: table.columns.map(shareColumn) };
  }
}

const withBases = (planned: PlannedView): PlannedView[] =>
  planned.base === null ? [planned] : [planned, ...withBases(planned.base)];
