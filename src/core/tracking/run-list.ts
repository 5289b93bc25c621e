import { PARENT_TAG, TRIAL_TAG } from '../../shared/run-search.ts';
import type { Store } from '../store/index.ts';
import {
  bothOf,
  compileFilter,
  compileOrder,
  type SearchSubject,
  type SqlPart,
} from './search/compile-search.ts';
import { bestByLeadingMetric } from './search/leading-metric.ts';
import { RUNS } from './search/subjects.ts';

/** Which runs a list shows; without anything, all that are in use. */
export interface RunSelection {
  /** An experiment's id or name. */
  readonly experiment?: string | undefined;
  /** The run whose children are wanted, such as the trials of a search. */
  readonly parent?: string | undefined;
  /** In MLflow's filter language. */
  readonly filter?: string | undefined;
  /** Found in the name, the id, the experiment's name or a tag. */
  readonly text?: string | undefined;
  /** False leaves out the trials of searches. */
  readonly trials?: boolean | undefined;
}

export interface RunWindow {
  readonly orderBy?: readonly string[];
  readonly offset?: number;
  readonly limit: number;
}

/** Runs as clients search them, and what else our own lists show of them: the experiment's name, how long they took. */
const LISTED: SearchSubject = {
  ...RUNS,
  attributes: {
    ...RUNS.attributes,
    experiment: { sql: 'e.name', type: 'text' },
    duration: { sql: '(r.ended_at - r.started_at)', type: 'number' },
  },
};

/** In an order, parameters that are numbers count as numbers, before all texts. */
const ORDERED: SearchSubject = {
  ...LISTED,
  tables: {
    ...LISTED.tables,
    param: {
      ...LISTED.tables.param!,
      value: `CASE WHEN json_valid(value) AND json_type(value) IN ('integer', 'real') THEN CAST(value AS REAL) ELSE value END`,
    },
  },
};

const NEWEST_FIRST = 'r.started_at DESC, r.rowid DESC';
const FROM = 'FROM tracking_run r JOIN tracking_experiment e ON e.id = r.experiment_id';

/**
 * Ids of the runs of a window, in its order, and how many are selected in all.
 *
 * @throws BAD_INPUT for a filter or an order that is none.
 */
export function findRuns(
  store: Store,
  selection: RunSelection,
  { orderBy = [], offset = 0, limit }: RunWindow,
): { readonly ids: string[]; readonly total: number } {
  const where = selectRuns(selection);
  const order = compileOrder(orderBy, ORDERED, NEWEST_FIRST);
  const window = (condition: SqlPart): string[] =>
    store
      .statement<{ id: string }>(
        `SELECT r.id ${FROM} WHERE ${condition.sql} ORDER BY ${order.sql} LIMIT ? OFFSET ?`,
      )
      .all(...condition.values, ...order.values, limit, offset)
      .map(({ id }) => id);
  const best = bestByLeadingMetric(store, orderBy, offset + limit, 'r.id');
  const among = best === null ? [] : window(bothOf(best, where));
  const ids = among.length === limit ? among : window(where);
  // The end of the list tells its length by itself.
  if (ids.length > 0 && ids.length < limit) return { ids, total: offset + ids.length };
  const counted = store
    .statement<{ total: number }>(`SELECT count(*) AS total ${FROM} WHERE ${where.sql}`)
    .get(...where.values);
  return { ids, total: counted!.total };
}

/** All names under which runs tell something, found by leaps through an index and not by reading it. */
export function usedNames(
  store: Store,
  column: 'tracking_series.metric' | 'tracking_param.key' | 'tracking_tag.key',
): string[] {
  const [table, name] = column.split('.') as [string, string];
  return store
    .statement<{ name: string }>(
      `WITH RECURSIVE used (name) AS (
         SELECT min(${name}) FROM ${table}
         UNION ALL SELECT (SELECT min(${name}) FROM ${table} WHERE ${name} > used.name) FROM used WHERE used.name IS NOT NULL
       ) SELECT name FROM used WHERE name IS NOT NULL`,
    )
    .all()
    .map((row) => row.name);
}

/** A condition over `tracking_run AS r` joined with `tracking_experiment AS e`. */
function selectRuns({ experiment, parent, filter, text, trials }: RunSelection): SqlPart {
  const parts: SqlPart[] = [{ sql: `r.lifecycle = 'active'`, values: [] }];
  if (experiment !== undefined)
    parts.push({
      sql: 'r.experiment_id IN (SELECT id FROM tracking_experiment WHERE id = ? OR name = ?)',
      values: [experiment, experiment],
    });
  if (parent !== undefined)
    parts.push({
      sql: 'r.id IN (SELECT run_id FROM tracking_tag WHERE key = ? AND value = ?)',
      values: [PARENT_TAG, parent],
    });
  if (trials === false)
    parts.push({
      sql: 'r.id NOT IN (SELECT run_id FROM tracking_tag WHERE key = ?)',
      values: [TRIAL_TAG],
    });
  if (text !== undefined && text !== '') {
    const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`;
    const found = `LIKE ? ESCAPE '\\'`;
    parts.push({
      sql: `r.name ${found} OR r.id ${found} OR e.name ${found} OR r.id IN (SELECT run_id FROM tracking_tag WHERE value ${found})`,
      values: [pattern, pattern, pattern, pattern],
    });
  }
  if (filter !== undefined) parts.push(compileFilter(filter, LISTED));
  return {
    sql: parts.map(({ sql }) => `(${sql})`).join(' AND '),
    values: parts.flatMap(({ values }) => values),
  };
}
