import { FalajError } from '../../shared/errors.ts';
import type { DataRoom } from '../data/index.ts';
import type { PushLog } from './push-log.ts';
import type { ViewPlan } from './view-plans.ts';

/** What a view's online rows are made from, as it now is. */
export interface SourceFacts {
  /** Of a dataset; 0 for pushed rows, which only grow. */
  readonly version: number;
  readonly rows: number;
}

/** Throws CONFLICT for a view that is computed from each request and has no rows. */
export function sourceFacts(
  plan: ViewPlan,
  from: { readonly data: Pick<DataRoom, 'get'>; readonly log: PushLog },
): SourceFacts {
  const { name } = plan.whole.view;
  if (plan.source === null) {
    throw new FalajError(
      'CONFLICT',
      `View "${name}" is computed from each request and has no rows to keep.`,
      {
        hint: `Ask for it right away: falaj features online --features ${name}:*`,
        details: { view: name },
      },
    );
  }
  if (plan.source.pushed) return { version: 0, rows: from.log.rows(plan.source.name) };
  const { version, rows } = from.data.get({ name: plan.source.name });
  return { version, rows };
}
