import { PARENT_TAG } from '../../shared/run-search.ts';
import type { SqlPart } from './search/compile-search.ts';

/** Which runs a list shows; without anything, all that are in use. */
export interface RunSelection {
  /** An experiment's id or name. */
  readonly experiment?: string | undefined;
  /** The run whose children are wanted, such as the trials of a search. */
  readonly parent?: string | undefined;
}

/** A condition over `tracking_run AS r` joined with `tracking_experiment AS e`. */
export function selectRuns({ experiment, parent }: RunSelection): SqlPart {
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
  return {
    sql: parts.map(({ sql }) => `(${sql})`).join(' AND '),
    values: parts.flatMap(({ values }) => values),
  };
}
