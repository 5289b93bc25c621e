import { badExpression } from '../duckdb/bad-expression.ts';
import type { DuckSession } from '../duckdb/session.ts';
import { firstSentence } from '../duckdb/sql-text.ts';
import { planColumn, type ReadPlan } from '../duckdb/wire.ts';
import type { ReadRequest } from './frames.ts';

export interface DescribedColumn {
  readonly name: string;
  readonly type: string;
}

export async function describeQuery(session: DuckSession, sql: string): Promise<DescribedColumn[]> {
  const rows = await session.texts(`SELECT column_name, column_type FROM (DESCRIBE ${sql})`);
  return rows.map(([name, type]) => ({ name: name!, type: type! }));
}

/** Columns to add by row-wise expressions over those of `from`. */
export async function derivedPlans(
  session: DuckSession,
  request: Pick<ReadRequest, 'derive'>,
  from: string,
  taken: string[],
): Promise<ReadPlan[]> {
  if (request.derive.length === 0) return [];
  const { RowWiseCheck } = await import('../duckdb/row-wise.ts');
  const check = await RowWiseCheck.open(session);
  const names = new Set(taken.map((name) => name.toLowerCase()));
  const plans: ReadPlan[] = [];
  for (const derived of request.derive) {
    if (names.has(derived.name.toLowerCase()))
      throw badExpression(derived, 'a column of this name exists already');
    names.add(derived.name.toLowerCase());
    await check.columns(derived);
    const sql = `(\n${derived.expression}\n)`;
    const [described] = await describeQuery(session, `SELECT ${sql} AS derived FROM ${from}`).catch(
      (error: unknown) => {
        throw badExpression(derived, firstSentence(error));
      },
    );
    plans.push(planColumn(derived.name, described!.type, sql));
  }
  return plans;
}
