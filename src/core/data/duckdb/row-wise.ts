import { z } from 'zod';
import { badExpression, type NamedExpression } from './bad-expression.ts';
import type { DuckSession } from './session.ts';
import { sqlText } from './sql-text.ts';

/** The parts of DuckDB's parse tree that we look at. */
const parsed = z.object({
  error: z.boolean(),
  error_message: z.string().optional(),
  statements: z
    .array(
      z.object({
        node: z.looseObject({
          type: z.string(),
          modifiers: z.array(z.unknown()).optional(),
          cte_map: z.object({ map: z.array(z.unknown()) }).optional(),
          select_list: z.array(z.looseObject({ class: z.string(), alias: z.string() })).optional(),
          from_table: z.looseObject({ type: z.string() }).optional(),
          where_clause: z.unknown().optional(),
          group_expressions: z.array(z.unknown()).optional(),
          having: z.unknown().optional(),
          sample: z.unknown().optional(),
          qualify: z.unknown().optional(),
        }),
      }),
    )
    .optional(),
});

const ROW_WISE = new Set([
  'COLUMN_REF',
  'CONSTANT',
  'FUNCTION',
  'COMPARISON',
  'CONJUNCTION',
  'CAST',
  'CASE',
  'OPERATOR',
  'BETWEEN',
  'COLLATE',
  'LAMBDA',
  'LAMBDA_REF',
]);
const REFUSED_CLASSES: Readonly<Record<string, string>> = {
  SUBQUERY: 'a subquery',
  WINDOW: 'a window function',
  STAR: 'a star over all columns',
  PARAMETER: 'a parameter',
  POSITIONAL_REFERENCE: 'a column by position',
};
const ALIAS = 'falaj_expression';

/** Functions whose result depends on more than the row: the clock, chance, the session, or files. */
const UNSTABLE = new Set([
  'getvariable',
  'current_setting',
  'getenv',
  'pg_sleep',
  'age',
  'ago',
  'read_blob',
  'read_text',
  'glob',
]);

/** Lists of any length out of one number, of which one row can take all of a machine's memory. */
const ENDLESS = new Set(['range', 'generate_series']);

/** Which argument of a function says how long its result is. */
const LENGTH_ARGUMENTS: Readonly<Record<string, number>> = {
  repeat: 1,
  lpad: 1,
  rpad: 1,
  list_resize: 1,
  array_resize: 1,
  bar: 3,
};
const MAX_LENGTH = 10_000;

const constantLength = z.looseObject({
  class: z.literal('CONSTANT'),
  value: z.looseObject({ value: z.number().max(MAX_LENGTH) }),
});

/**
 * Knows whether an expression is computed from the row alone. DuckDB's own parser reads it; anything but columns,
 * constants, operators, casts, CASE and deterministic scalar functions is refused. What it lets pass may be pasted between
 * parentheses on lines of its own: it parses there as exactly one expression.
 */
export class RowWiseCheck {
  readonly #session: DuckSession;
  readonly #scalars: ReadonlySet<string>;
  readonly #aggregates: ReadonlySet<string>;

  private constructor(session: DuckSession, scalars: ReadonlySet<string>, aggregates: ReadonlySet<string>) {
    this.#session = session;
    this.#scalars = scalars;
    this.#aggregates = aggregates;
  }

  static async open(session: DuckSession): Promise<RowWiseCheck> {
    const rows = await session.texts(
      `SELECT DISTINCT function_name, CASE WHEN function_type = 'macro' THEN 'scalar' ELSE function_type END
       FROM duckdb_functions()
       WHERE (function_type = 'scalar' AND stability = 'CONSISTENT') OR function_type IN ('macro', 'aggregate')`,
    );
    const named = (type: string): Set<string> =>
      new Set(rows.filter((row) => row[1] === type).map((row) => row[0]!.toLowerCase()));
    return new RowWiseCheck(session, named('scalar'), named('aggregate'));
  }

  /** Throws BAD_EXPRESSION naming the expression; returns the names of the columns it reads. */
  async columns(named: NamedExpression): Promise<string[]> {
    const sql = `SELECT (\n${named.expression}\n) AS ${ALIAS}`;
    const [[json]] = (await this.#session.texts(`SELECT json_serialize_sql(${sqlText(sql)})`)) as [[string]];
    const tree = parsed.parse(JSON.parse(json));
    if (tree.error) throw badExpression(named, tree.error_message ?? 'it cannot be read');
    const node = tree.statements?.[0]?.node;
    const [expression] = node?.select_list ?? [];
    const single =
      tree.statements?.length === 1 &&
      node?.type === 'SELECT_NODE' &&
      node.select_list?.length === 1 &&
      expression?.alias === ALIAS &&
      node.from_table?.type === 'EMPTY' &&
      (node.modifiers ?? []).length === 0 &&
      (node.cte_map?.map ?? []).length === 0 &&
      (node.group_expressions ?? []).length === 0 &&
      [node.where_clause, node.having, node.sample, node.qualify].every(
        (part) => part === null || part === undefined,
      );
    if (!single) throw badExpression(named, 'it must be one expression, not a query');
    const columns = new Set<string>();
    this.#walk(named, expression, columns, null);
    return [...columns];
  }

  /** @param within the function that says its own length and that the node is an argument of */
  #walk(named: NamedExpression, node: unknown, columns: Set<string>, within: string | null): void {
    if (Array.isArray(node)) {
      for (const child of node) this.#walk(named, child, columns, within);
      return;
    }
    if (typeof node !== 'object' || node === null) return;
    const record = node as Record<string, unknown>;
    const kind = record['class'];
    let inside = within;
    if (typeof kind === 'string') {
      if (!ROW_WISE.has(kind))
        throw badExpression(named, `${REFUSED_CLASSES[kind] ?? `${kind.toLowerCase()}`} is not allowed`);
      if (kind === 'FUNCTION') {
        const name = String(record['function_name']).toLowerCase();
        this.#function(named, name, record);
        if (Object.hasOwn(LENGTH_ARGUMENTS, name)) inside = assertShort(named, name, record, within);
      }
      if (kind === 'COLUMN_REF' && Array.isArray(record['column_names']))
        columns.add(String(record['column_names'][0]));
      if (kind === 'CONSTANT') return;
    }
    for (const value of Object.values(record)) this.#walk(named, value, columns, inside);
  }

  #function(named: NamedExpression, name: string, record: Record<string, unknown>): void {
    if (UNSTABLE.has(name)) throw badExpression(named, `"${name}" depends on more than the row`);
    if (ENDLESS.has(name)) throw badExpression(named, `"${name}" makes lists of any length`);
    if (record['is_operator'] === true || this.#scalars.has(name)) return;
    throw badExpression(
      named,
      this.#aggregates.has(name)
        ? `"${name}" is computed over many rows`
        : `"${name}" is not a function of a row alone`,
    );
  }
}

/** Throws unless the function makes something of a bounded length; gives its name. */
function assertShort(
  named: NamedExpression,
  name: string,
  { children }: Record<string, unknown>,
  within: string | null,
): string {
  if (within !== null) throw badExpression(named, `"${name}" stands within "${within}"`);
  const length = Array.isArray(children) ? children[LENGTH_ARGUMENTS[name]!] : undefined;
  if (length === undefined || constantLength.safeParse(length).success) return name;
  throw badExpression(
    named,
    `the length that "${name}" is given must be a number of at most ${MAX_LENGTH.toLocaleString('en')}`,
  );
}
