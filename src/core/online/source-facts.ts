import type { Dataset } from '../../shared/contract/types.ts';
import type { DataRoom } from '../data/index.ts';
import type { PushLog } from './push-log.ts';
import { noRows, type ViewPlan } from './view-plans.ts';

/** What a view's online rows are made from, as it now is. */
export interface SourceFacts {
  /** Of a dataset; 0 for pushed rows, which only grow. */
  readonly version: number;
  readonly rows: number;
  /** With those that later rows have corrected. */
  readonly rowsEver: number;
  /** Whether all rows of an earlier version are still there, in their places, and later ones only follow them. */
  continues(version: number): boolean;
}

/** Throws CONFLICT for a view that is computed from each request and has no rows. */
export function sourceFacts(
  plan: ViewPlan,
  from: { readonly data: Pick<DataRoom, 'versions'>; readonly log: PushLog },
): SourceFacts {
  const { name } = plan.whole.view;
  if (plan.source === null) {
    throw noRows(name);
  }
  if (plan.source.pushed) {
    const rows = from.log.rows(plan.source.name);
    return { version: 0, rows, rowsEver: rows, continues: (version) => version === 0 };
  }
  const versions = from.data.versions({ name: plan.source.name });
  const { version, rows, parts } = versions[0]!;
  return {
    version,
    rows,
    rowsEver: parts.reduce((sum, part) => sum + part.rows, 0),
    continues: (earlier) => continuesFrom(versions, earlier),
  };
}

/** `versions` are newest first. Corrections and replacements leave fewer rows than were there and were added. */
function continuesFrom(versions: readonly Dataset[], earlier: number): boolean {
  const found = versions.findIndex(({ version }) => version === earlier);
  return (
    found >= 0 &&
    versions
      .slice(0, found)
      .every(
        ({ mode, rows, addedRows }, at) => mode !== 'replace' && rows === versions[at + 1]!.rows + addedRows,
      )
  );
}
