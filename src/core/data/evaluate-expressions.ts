import type { Column, Table } from '../../shared/table/column.ts';
import type { NamedExpression } from './duckdb/bad-expression.ts';

/**
 * Computes row-wise SQL over a table's columns, in memory, with no file, clock or setting in reach; the rows keep their
 * order. Throws BAD_EXPRESSION naming the expression. DuckDB is loaded with the first expression: an idle engine spares
 * its memory.
 */
export async function evaluateExpressions(
  table: Table,
  expressions: readonly NamedExpression[],
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Column[]> {
  if (expressions.length === 0) return [];
  const { computeExpressions } = await import('./duckdb/compute-expressions.ts');
  return computeExpressions(table, expressions, options);
}
