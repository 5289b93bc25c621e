import { badFilter } from './filter-tokens.ts';
import { type Condition, type Entity, parseFilter, parseOrdering, type SearchKey } from './parse-filter.ts';

/** A piece of SQL with the values bound to its question marks, in order. */
export interface SqlPart {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

export interface SearchColumn {
  /** The column's SQL; of this file's callers, never of a request. */
  readonly sql: string;
  readonly type: 'text' | 'number';
  /** How a text of the filter is written in the column. */
  readonly encode?: (value: string) => string;
}

/** Keys of a table beside the subject's own: its rows belong to a subject by `owner`. */
export interface SearchTable {
  readonly table: string;
  readonly owner: string;
  readonly key: string;
  readonly value: string;
  readonly type: 'text' | 'number';
}

/** What can be searched: the subject's id, its attributes, and the tables of its metrics, params and tags. */
export interface SearchSubject {
  readonly id: string;
  readonly attributes: Readonly<Record<string, SearchColumn>>;
  readonly tables: Readonly<Partial<Record<Exclude<Entity, 'attribute'>, SearchTable>>>;
  /** Keys that are attributes under another entity's name, such as `tag mlflow.runName`. */
  readonly alias?: (key: SearchKey) => string | null;
}

/** What fulfils two conditions. */
export const bothOf = (one: SqlPart, other: SqlPart): SqlPart => ({
  sql: `(${one.sql}) AND (${other.sql})`,
  values: [...one.values, ...other.values],
});

/**
 * Conditions as SQL, joined by AND; `1` for an empty filter.
 *
 * @throws BAD_INPUT for what the subject does not have.
 */
export function compileFilter(filter: string, subject: SearchSubject): SqlPart {
  const parts = parseFilter(filter).map((condition) => compileCondition(condition, subject));
  if (parts.length === 0) return { sql: '1', values: [] };
  return {
    sql: parts.map((part) => `(${part.sql})`).join(' AND '),
    values: parts.flatMap((part) => part.values),
  };
}

/** An ORDER BY list in which missing values and NaN come last; `fallback` decides what the items leave equal. */
export function compileOrder(items: readonly string[], subject: SearchSubject, fallback: string): SqlPart {
  const parts = items.map((item) => {
    const { descending, ...key } = parseOrdering(item);
    const column = attributeOf(key, subject);
    const source = column === null ? scalar(key, subject) : { sql: column.sql, values: [] };
    return { ...source, sql: `${source.sql} ${descending ? 'DESC' : 'ASC'} NULLS LAST` };
  });
  return {
    sql: [...parts.map((part) => part.sql), fallback].join(', '),
    values: parts.flatMap((part) => part.values),
  };
}

function compileCondition(condition: Condition, subject: SearchSubject): SqlPart {
  const column = attributeOf(condition, subject);
  if (column !== null) return compare(condition, column);
  const table = tableOf(condition, subject);
  const from = `SELECT ${table.owner} FROM ${table.table} WHERE ${table.key} = ?`;
  if (condition.operator === 'IS NULL' || condition.operator === 'IS NOT NULL') {
    const not = condition.operator === 'IS NULL' ? 'NOT ' : '';
    return { sql: `${subject.id} ${not}IN (${from})`, values: [condition.name] };
  }
  const compared = orNaN(condition, table, compare(condition, { sql: table.value, type: table.type }));
  return {
    sql: `${subject.id} IN (${from} AND ${compared.sql})`,
    values: [condition.name, ...compared.values],
  };
}

/** NaN, which is NULL here, differs from every number. */
const orNaN = (condition: Condition, table: SearchTable, compared: SqlPart): SqlPart =>
  table.type === 'number' && condition.operator === '!='
    ? { ...compared, sql: `(${table.value} IS NULL OR ${compared.sql})` }
    : compared;

function scalar(key: SearchKey, subject: SearchSubject): SqlPart {
  const { table, owner, key: column, value } = tableOf(key, subject);
  return {
    sql: `(SELECT ${value} FROM ${table} WHERE ${owner} = ${subject.id} AND ${column} = ?)`,
    values: [key.name],
  };
}

/** Null when the key names no attribute but a metric, param or tag. */
function attributeOf(key: SearchKey, subject: SearchSubject): SearchColumn | null {
  const name = key.entity === 'attribute' ? key.name : (subject.alias?.(key) ?? null);
  if (name === null) return null;
  const known = name.toLowerCase().replaceAll(' ', '_');
  if (Object.hasOwn(subject.attributes, known)) return subject.attributes[known]!;
  throw badFilter(`there is no attribute ${name}; there are ${Object.keys(subject.attributes).join(', ')}.`);
}

function tableOf({ entity, name }: SearchKey, subject: SearchSubject): SearchTable {
  const table = entity === 'attribute' ? undefined : subject.tables[entity];
  if (table === undefined) throw badFilter(`${entity}s.${name} cannot be searched here.`);
  return table;
}

function compare(condition: Condition, column: SearchColumn): SqlPart {
  const encode = column.encode ?? ((value: string) => value);
  switch (condition.operator) {
    case 'IS NULL':
    case 'IS NOT NULL':
      return { sql: `${column.sql} ${condition.operator}`, values: [] };
    case 'IN':
    case 'NOT IN': {
      if (column.type !== 'text')
        throw badFilter(`${condition.name} is a number; ${condition.operator} needs a text.`);
      return {
        sql: `${column.sql} ${condition.operator} (SELECT value FROM json_each(?))`,
        values: [JSON.stringify(condition.values.map(encode))],
      };
    }
    case 'LIKE':
    case 'ILIKE': {
      if (column.type !== 'text' || typeof condition.value !== 'string')
        throw badFilter(`${condition.operator} compares texts; ${condition.name} is none.`);
      const pattern = encode(condition.value);
      // SQLite's own LIKE takes no notice of case, GLOB does.
      return condition.operator === 'ILIKE'
        ? { sql: `${column.sql} LIKE ?`, values: [pattern] }
        : { sql: `${column.sql} GLOB ?`, values: [globOf(pattern)] };
    }
    default: {
      const { operator, value } = condition;
      if (column.type === 'number') {
        if (typeof value !== 'number') throw badFilter(`${condition.name} is compared with a number.`);
        return { sql: `${column.sql} ${operator} ?`, values: [value] };
      }
      if (typeof value !== 'string')
        throw badFilter(`${condition.name} is compared with a text between quotes.`);
      if (operator !== '=' && operator !== '!=')
        throw badFilter(`${condition.name} is a text: ${operator} does not compare it.`);
      return { sql: `${column.sql} ${operator} ?`, values: [encode(value)] };
    }
  }
}

const globOf = (pattern: string): string =>
  pattern.replace(/[*?[]/g, '[$&]').replaceAll('%', '*').replaceAll('_', '?');
