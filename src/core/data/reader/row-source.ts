import type duckdb from '@duckdb/node-bindings';
import type { ReadPlan } from '../duckdb/wire.ts';

/** Foreign rows as one stream of typed chunks, with derived columns. */
export interface RowSource {
  readonly plans: readonly ReadPlan[];
  /** Rows that will come, where the format tells. */
  readonly expectedRows: number | null;
  /** Complete once the chunks have ended. */
  readonly notes: readonly string[];
  chunks(): AsyncIterable<{ readonly chunk: duckdb.DataChunk; readonly size: number }>;
}
