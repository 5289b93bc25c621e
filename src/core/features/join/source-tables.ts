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

/** What is in memory of a version of a dataset. */
interface LoadedVersion {
  /** By whether corrected rows are there, too. */
  readonly tables: Map<boolean, Promise<SourceTable>>;
  /** Columns of expressions, by the rows that they are computed over. */
  readonly computed: Map<string, Promise<Column>>;
}

/**
 * The datasets that a join reads, each loaded once for all its views, in memory that threads share; and the columns that
 * expressions add to them, each computed once. They stay until the last of these views is released.
 */
export class SourceTables {
  readonly #data: JoinedData;
  /** The views that read a dataset themselves, for those asked for that are not released. */
  readonly #readers: Set<PlannedView>;
  /** By the reference of the view that reads it. */
  readonly #sources: ReadonlyMap<string, SourceVersion>;
  readonly #signal: AbortSignal | undefined;
  /** What may be used: with a cut-off, rows that were corrected later may have counted by then. */
  readonly asKnown: 'row' | number | null;
  readonly #loaded = new Map<string, LoadedVersion>();

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
    this.#readers = new Set(views.map(lowest).filter(({ view }) => view.source.dataset !== undefined));
    this.#sources = new Map([...this.#readers].map((planned) => [planned.reference, sourceOf(planned)]));
    this.#signal = options.signal;
    this.asKnown = options.asKnown ?? null;
  }

  /** The data that a view reads, itself or through others; null when it is computed from requests. */
  of(planned: PlannedView): SourceVersion | null {
    return this.#sources.get(lowest(planned).reference) ?? null;
  }

  /** The current rows, or with corrections all that ever were. */
  table(dataset: Dataset, withCorrections: boolean): Promise<SourceTable> {
    const { tables } = this.#of(dataset);
    let table = tables.get(withCorrections);
    if (table === undefined) {
      table = this.#load(dataset, withCorrections);
      tables.set(withCorrections, table);
    }
    return table;
  }

  /** A row-wise expression over the rows of this id, which come from what the view reads, as a column of this name. */
  async expression(
    planned: PlannedView,
    { id, table }: { readonly id: string; readonly table: Table },
    named: { readonly name: string; readonly expression: string },
  ): Promise<Column> {
    const { computed } = this.#of(this.of(planned)!.dataset);
    const key = JSON.stringify([id, named.expression]);
    let column = computed.get(key);
    if (column === undefined) {
      column = this.#evaluate(table, named);
      computed.set(key, column);
    }
    return { ...(await column), name: named.name };
  }

  /** What this view has read is let go of, unless others are still to read it. */
  release(planned: PlannedView): void {
    const source = this.of(planned);
    if (source === null) return;
    this.#readers.delete(lowest(planned));
    if (this.#readersOf(source.dataset).length === 0) this.#loaded.delete(versionId(source.dataset));
  }

  #of(dataset: Dataset): LoadedVersion {
    const id = versionId(dataset);
    const loaded = this.#loaded.get(id) ?? { tables: new Map(), computed: new Map() };
    this.#loaded.set(id, loaded);
    return loaded;
  }

  #readersOf(dataset: Dataset): PlannedView[] {
    const id = versionId(dataset);
    return [...this.#readers].filter((planned) => versionId(this.of(planned)!.dataset) === id);
  }

  async #evaluate(rows: Table, named: { name: string; expression: string }): Promise<Column> {
    const [column] = await evaluateExpressions(rows, [named], { signal: this.#signal });
    return shareColumn(column!);
  }

  async #load(dataset: Dataset, withCorrections: boolean): Promise<SourceTable> {
    const readers = this.#readersOf(dataset);
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

/** Under which a version of a dataset is known. */
export const versionId = ({ name, version }: Dataset): string => `${name}@${version}`;
