import { FalajError } from '../../../shared/errors.ts';
import { nearestHint } from '../../../shared/nearest-name.ts';
import { sqlName } from '../duckdb/sql-text.ts';

/** What to read of a database: one table, or the rows of one query. */
export type DatabaseSelection = { readonly table: string } | { readonly query: string };

/** The selection as one SELECT. `known` are the tables there, as a person writes them. */
export function selectStatement(selection: DatabaseSelection, known: readonly string[]): string {
  if ('query' in selection) return selection.query.trim().replace(/;\s*$/, '');
  if (known.includes(selection.table)) return `SELECT * FROM ${qualified(selection.table)}`;
  throw unknownTable(selection.table, known);
}

export function unknownTable(asked: string, known: readonly string[]): FalajError {
  const first = known.slice(0, 20).join(', ');
  const otherwise = known.length === 0 ? 'There are no tables.' : `The tables are: ${first}.`;
  return new FalajError('NOT_FOUND', `There is no table "${asked}".`, {
    hint: nearestHint(asked, known, otherwise),
    details: { table: asked },
  });
}

/** `schema.table` by its first dot; a name is never read as SQL. */
function qualified(name: string): string {
  const dot = name.indexOf('.');
  return dot === -1 ? sqlName(name) : `${sqlName(name.slice(0, dot))}.${sqlName(name.slice(dot + 1))}`;
}
