import { profileColumn } from '../../../numerics/profile/index.ts';
import type { ColumnProfile } from '../../../shared/contract/types.ts';
import { findColumn, type Table } from '../../../shared/table/column.ts';
import { takeRows } from '../../data/index.ts';
import type { FeatureThreads } from '../join/compute/feature-threads.ts';
import { featuresOf } from '../join/join-features.ts';
import type { PlannedView } from '../join/join-plan.ts';
import type { ViewHistory } from '../join/view-history.ts';

/** Rows that are looked at: the shapes of distributions stand long before. */
const SAMPLED_ROWS = 50_000;

export interface ViewStatistics {
  /** Rows of the view's history, and how many of them were looked at. */
  readonly rows: number;
  readonly sampledRows: number;
  /** Of each feature at the times of those rows, under its own name. */
  readonly features: ColumnProfile[];
}

/** What a view's features are at its own rows' times; of a long history at rows in equal steps. */
export async function viewStatistics(
  history: ViewHistory,
  planned: PlannedView,
  work: { readonly threads: FeatureThreads; readonly signal?: AbortSignal | undefined },
): Promise<ViewStatistics> {
  const { rows } = history.table;
  const step = Math.max(1, Math.ceil(rows / SAMPLED_ROWS));
  const sampled = Uint32Array.from({ length: Math.ceil(rows / step) }, (_, index) => index * step);
  const taken = takeRows(history.table, sampled);
  const keys = planned.keys.map(({ source, spine }) => ({ ...findColumn(taken, source)!, name: spine }));
  const spine: Table = { rows: taken.rows, columns: keys };
  const time = Float64Array.from(sampled, (row) => history.event[row]!);
  const columns = await featuresOf(history, planned, { spine, time, asKnown: null, ...work });
  return {
    rows,
    sampledRows: sampled.length,
    features: columns.map((column, index) => ({
      ...profileColumn(column),
      name: planned.features[index]!.name,
    })),
  };
}
