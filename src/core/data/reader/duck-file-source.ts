import type duckdb from '@duckdb/node-bindings';
import bindings from '@duckdb/node-bindings';
import { FalajError } from '../../../shared/errors.ts';
import { DuckSession } from '../duckdb/session.ts';
import { planColumn, type ReadPlan } from '../duckdb/wire.ts';
import { type DatabaseSelection, selectStatement } from './database-selection.ts';
import { derivedPlans, describeQuery } from './derived-plans.ts';
import { exactSql } from './exact-times.ts';
import type { ReadRequest } from './frames.ts';
import type { RowSource } from './row-source.ts';

/** A DuckDB file, opened to be read only and with no other file in reach of what its views or the query say. */
export class DuckFileSource implements RowSource {
  readonly plans: readonly ReadPlan[];
  readonly notes: readonly string[];
  readonly expectedRows = null;
  readonly #session: DuckSession;
  readonly #from: string;

  private constructor(
    session: DuckSession,
    from: string,
    plans: readonly ReadPlan[],
    notes: readonly string[],
  ) {
    this.#session = session;
    this.#from = from;
    this.plans = plans;
    this.notes = notes;
  }

  static async open(request: ReadRequest, selection: DatabaseSelection): Promise<DuckFileSource> {
    const session = await DuckSession.open({ ...request, file: request.files[0]! });
    const known = await session.texts(
      `SELECT CASE schema_name WHEN 'main' THEN name ELSE schema_name || '.' || name END FROM (
         SELECT schema_name, table_name AS name FROM duckdb_tables() WHERE NOT internal UNION ALL
         SELECT schema_name, view_name FROM duckdb_views() WHERE NOT internal) ORDER BY ALL`,
    );
    const statement = selectStatement(
      selection,
      known.map(([name]) => name!),
    );
    // Within parentheses only a query can stand; its last line may be a comment.
    const from = `(\n${statement}\n)`;
    const own = await describeQuery(session, `SELECT * FROM ${from}`);
    if (own.length === 0) throw new FalajError('NO_ROWS', 'The query has no columns.');
    const notes = own.flatMap(({ name, type }) => {
      if (type === 'TIMESTAMP_NS' && !request.exactTimes.includes(name))
        return [`Column "${name}": nanoseconds were cut to microseconds.`];
      return /^DECIMAL/.test(type) && planColumn(name, type, '').type === 'float64'
        ? [`Column "${name}": decimal numbers were read as float64.`]
        : [];
    });
    const plans = own.map((column) => planColumn(column.name, column.type, exactSql(column, request)));
    const names = own.map(({ name }) => name);
    plans.push(...(await derivedPlans(session, request, from, names)));
    return new DuckFileSource(session, from, plans, notes);
  }

  async *chunks(): AsyncGenerator<{ chunk: duckdb.DataChunk; size: number }> {
    const sql = `SELECT ${this.plans.map((plan) => plan.sql).join(', ')} FROM ${this.#from}`;
    for await (const chunk of this.#session.stream(sql)) {
      yield { chunk, size: bindings.data_chunk_get_size(chunk) };
    }
  }
}
