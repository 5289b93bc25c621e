import type duckdb from '@duckdb/node-bindings';
import bindings from '@duckdb/node-bindings';
import { FalajError } from '../../../shared/errors.ts';
import type { Column, ColumnSchema, Table } from '../../../shared/table/column.ts';
import { DuckSession } from '../duckdb/session.ts';
import { sqlName } from '../duckdb/sql-text.ts';
import { DUCK_TYPES, TableLoader } from '../duckdb/table-loader.ts';
import { planColumn, type ReadPlan } from '../duckdb/wire.ts';
import { derivedPlans } from './derived-plans.ts';
import type { ReadRequest } from './frames.ts';
import type { RowSource } from './row-source.ts';

/** Rows that lie in DuckDB at one time. */
const BATCH_ROWS = 65_536;
const TABLE = 'falaj_rows';

/** Tables one after the other, of one schema, from a reader of our own. */
export interface TableFeed {
  readonly schema: readonly ColumnSchema[];
  readonly expectedRows: number | null;
  readonly notes: readonly string[];
  tables(): AsyncIterable<Table>;
}

/** Rows of formats that DuckDB does not read: it gets them a batch at a time, for the columns that are derived from them. */
export class FedSource implements RowSource {
  readonly plans: readonly ReadPlan[];
  readonly #session: DuckSession;
  readonly #feed: TableFeed;

  private constructor(session: DuckSession, feed: TableFeed, plans: readonly ReadPlan[]) {
    this.#session = session;
    this.#feed = feed;
    this.plans = plans;
  }

  static async open(feed: TableFeed, request: ReadRequest): Promise<FedSource> {
    const { schema } = feed;
    refuseSameNames(schema);
    const session = await DuckSession.open(request);
    await new TableLoader(session, TABLE, { rows: 0, columns: schema.map(emptyColumn) }).load(0, 0);
    const kept = schema.filter(({ name }) => request.columns === null || request.columns.includes(name));
    const plans = kept.map(({ name, type }) => planColumn(name, DUCK_TYPES[type], sqlName(name)));
    const names = schema.map(({ name }) => name);
    plans.push(...(await derivedPlans(session, request, TABLE, names)));
    return new FedSource(session, feed, plans);
  }

  get expectedRows(): number | null {
    return this.#feed.expectedRows;
  }

  get notes(): readonly string[] {
    return this.#feed.notes;
  }

  async *chunks(): AsyncGenerator<{ chunk: duckdb.DataChunk; size: number }> {
    const sql = `SELECT ${this.plans.map((plan) => plan.sql).join(', ')} FROM ${TABLE}`;
    for await (const table of this.#feed.tables()) {
      const loader = new TableLoader(this.#session, TABLE, table);
      for (let first = 0; first < table.rows; first += BATCH_ROWS) {
        await loader.load(first, Math.min(BATCH_ROWS, table.rows - first));
        for await (const chunk of this.#session.stream(sql))
          yield { chunk, size: bindings.data_chunk_get_size(chunk) };
      }
    }
  }
}

function refuseSameNames(schema: readonly ColumnSchema[]): void {
  const seen = new Set<string>();
  for (const { name } of schema) {
    if (seen.has(name.toLowerCase())) {
      throw new FalajError('MALFORMED_FILE', `Two columns are called "${name}".`, {
        hint: 'Capital and small letters count as the same. Rename one of them.',
        details: { column: name },
      });
    }
    seen.add(name.toLowerCase());
  }
}

function emptyColumn({ name, type }: ColumnSchema): Column {
  const validity = null;
  if (type === 'string') return { name, type, validity, values: new Uint32Array(0), dictionary: [] };
  if (type === 'bool') return { name, type, validity, values: new Uint8Array(0) };
  return { name, type, validity, values: new Float64Array(0) };
}
