import os from 'node:os';
import { nearestName } from '../../../shared/nearest-name.ts';
import type { Column, Table } from '../../../shared/table/column.ts';
import { badExpression, type NamedExpression } from './bad-expression.ts';
import { Collector } from './collector.ts';
import { assembleColumn, toLogical } from './logical.ts';
import { RowWiseCheck } from './row-wise.ts';
import { DuckSession } from './session.ts';
import { firstSentence, sqlName } from './sql-text.ts';
import { TableLoader } from './table-loader.ts';
import { planColumn, type ReadPlan } from './wire.ts';

/** Rows that lie in DuckDB at one time. */
const BATCH_ROWS = 262_144;
const MEMORY_BYTES = 1_073_741_824;
const TABLE = 'falaj_rows';

/**
 * Computes row-wise SQL over a table's columns, in memory, with no file, clock or setting in reach; the rows keep their
 * order. Throws BAD_EXPRESSION naming the expression.
 */
export async function computeExpressions(
  table: Table,
  expressions: readonly NamedExpression[],
  options: { readonly signal?: AbortSignal | undefined } = {},
): Promise<Column[]> {
  if (expressions.length === 0) return [];
  const session = await DuckSession.open({
    memoryLimitBytes: Math.min(MEMORY_BYTES, Math.floor(os.totalmem() / 4)),
    threads: Math.min(4, os.availableParallelism()),
  });
  try {
    const used = await columnsUsed(session, table, expressions);
    const loader = new TableLoader(session, TABLE, { rows: table.rows, columns: used });
    await loader.load(0, 0);
    const plans = await planAll(session, expressions);
    const collector = new Collector(plans, table.rows);
    const sql = `SELECT ${plans.map((plan) => plan.sql).join(', ')} FROM ${TABLE}`;
    for (let first = 0; first < table.rows; first += BATCH_ROWS) {
      options.signal?.throwIfAborted();
      await loader.load(first, Math.min(BATCH_ROWS, table.rows - first));
      for await (const chunk of session.stream(sql)) collector.add(chunk);
    }
    const { columns } = collector.take();
    return columns.map(({ values, validity, fresh }, index) => {
      const { name, type } = plans[index]!;
      return assembleColumn(
        name,
        type,
        [{ values: toLogical(name, type, values, validity), validity }],
        fresh,
      );
    });
  } catch (error) {
    throw asExpressionError(error, expressions);
  } finally {
    session.close();
  }
}

/** The columns that the expressions name; a table without any of them still needs one to have rows. */
async function columnsUsed(
  session: DuckSession,
  table: Table,
  expressions: readonly NamedExpression[],
): Promise<Column[]> {
  const check = await RowWiseCheck.open(session);
  const wanted = new Set<string>();
  const byLowerCase = new Map(table.columns.map((column) => [column.name.toLowerCase(), column]));
  for (const expression of expressions) {
    for (const name of await check.columns(expression)) {
      if (!byLowerCase.has(name.toLowerCase())) {
        const nearest = nearestName(
          name,
          table.columns.map((column) => column.name),
        );
        throw badExpression(
          expression,
          `there is no column "${name}"${nearest === null ? '' : `; did you mean "${nearest}"?`}`,
        );
      }
      wanted.add(name.toLowerCase());
    }
  }
  const used = table.columns.filter((column) => wanted.has(column.name.toLowerCase()));
  return used.length > 0 ? used : table.columns.slice(0, 1);
}

async function planAll(session: DuckSession, expressions: readonly NamedExpression[]): Promise<ReadPlan[]> {
  const plans: ReadPlan[] = [];
  for (const expression of expressions) {
    const sql = `(\n${expression.expression}\n)`;
    const [row] = await session
      .texts(`SELECT column_type FROM (DESCRIBE SELECT ${sql} AS ${sqlName(expression.name)} FROM ${TABLE})`)
      .catch((error: unknown) => {
        throw badExpression(expression, firstSentence(error));
      });
    plans.push(planColumn(expression.name, row![0]!, sql));
  }
  return plans;
}

/** What fails on a value, such as a cast of text that is no number, is the expression's fault as well. */
function asExpressionError(error: unknown, expressions: readonly NamedExpression[]): unknown {
  const message = error instanceof Error ? error.message : '';
  if (!/^(Conversion|Invalid Input|Out of Range|Binder) Error/.test(message)) return error;
  return badExpression(expressions[0]!, firstSentence(error));
}
