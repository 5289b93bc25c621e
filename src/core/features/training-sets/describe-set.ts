import { setImmediate as turn } from 'node:timers/promises';
import type { Dataset, TrainingSetFacts } from '../../../shared/contract/types.ts';
import { type Column, findColumn, type Table } from '../../../shared/table/column.ts';
import { type ColumnHash, combineHashes, hashColumn } from '../../../trust/table-hash/index.ts';
import type { UsedDefinition } from '../definitions/recording-catalogue.ts';
import type { FeatureThreads } from '../join/compute/feature-threads.ts';
import type { JoinedView } from '../join/join-features.ts';
import type { PlannedView } from '../join/join-plan.ts';
import { highestSequence } from '../join/known-source.ts';
import { times } from '../join/time-columns.ts';
import { pushedViewOf } from '../pushed-source.ts';

/** What a training set was made of. */
export interface SetFacts {
  readonly query: TrainingSetFacts['query'];
  readonly source: TrainingSetFacts['spine']['source'];
  readonly spine: Table;
  readonly views: readonly JoinedView[];
  readonly definitions: readonly UsedDefinition[];
}

/** A version of a dataset, by the digest of its content. */
export type DataVersion = Pick<Dataset, 'name' | 'version' | 'digest'>;

/** A training set in memory. */
export interface BuiltSet extends SetFacts {
  /** The features under the names they have in the output: view by view, in each view's order. */
  readonly joined: readonly Column[];
}

/** The hashes of a set's columns, the features under the names they have in the output. */
export interface SetHashes {
  readonly spine: readonly ColumnHash[];
  readonly features: readonly ColumnHash[];
}

/** A receipt's facts that the set alone decides: not when, where and for which run it was made. */
export type SetDescription = Pick<
  TrainingSetFacts,
  'query' | 'definitions' | 'data' | 'spine' | 'output' | 'features'
>;

/** Hashes every column of a set in memory. */
export async function hashSet({ spine, joined }: BuiltSet, options: HashOptions): Promise<SetHashes> {
  return {
    spine: await hashColumns(spine.columns, options),
    features: await hashColumns(joined, options),
  };
}

/** What a receipt says of a set. */
export function describeSet(set: SetFacts, hashes: SetHashes): SetDescription {
  const { spine, query, source } = set;
  const all = [...hashes.spine, ...hashes.features];
  const whole = combineHashes(spine.rows, all);
  const expired = set.views.flatMap(expiredRows);
  return {
    query,
    definitions: set.definitions.map((definition) => ({ ...definition })),
    data: set.views.flatMap(dataOf),
    spine: {
      source,
      rows: spine.rows,
      rowsWithoutTime: query.eventTime === null ? 0 : rowsWithoutTime(spine, query.eventTime),
      columns: spine.columns.map(({ name, type }) => ({ name, type })),
      digest: combineHashes(spine.rows, hashes.spine).digest,
    },
    output: {
      rows: spine.rows,
      columns: all.map(({ name, type, digest, nulls }) => ({ name, type, digest, nulls })),
      contentHash: whole.digest,
      contentBytes: whole.bytes,
    },
    features: hashes.features.map(({ name, nulls }, index) => ({ name, nulls, expired: expired[index]! })),
  };
}

function dataOf({ planned, source }: JoinedView): TrainingSetFacts['data'] {
  if (source === null) return [];
  const { name, version, digest, rows } = source.dataset;
  const sequence = highestSequence(source);
  return [{ view: planned.alias, through: throughViews(planned), name, version, digest, rows, sequence }];
}

/** The versions of datasets that were read, each once; pushed rows have none. */
export function readVersions(views: readonly JoinedView[]): DataVersion[] {
  const read = new Map<string, DataVersion>();
  for (const { source } of views) {
    if (source === null || pushedViewOf(source.dataset.name) !== null) continue;
    const { name, version, digest } = source.dataset;
    read.set(`${name}@${version}`, { name, version, digest });
  }
  return [...read.values()];
}

const throughViews = ({ reference, base }: PlannedView): string[] =>
  base === null ? [reference] : [reference, ...throughViews(base)];

/** Per feature of a view; a window has no age, only rows that are in it or not. */
export const expiredRows = ({ planned, expiredRows: rows }: JoinedView): number[] =>
  planned.features.map((feature) => (feature.aggregate === undefined ? rows : 0));

export interface HashOptions {
  readonly threads: FeatureThreads;
  readonly signal?: AbortSignal | undefined;
}

/** Below this many rows a column is hashed sooner than it is handed over. */
const INLINE_ROWS = 20_000;

/** Hashes columns away from the engine's own thread, or there with a breath in between: it goes on answering. */
export async function hashColumns(
  columns: readonly Column[],
  { threads, signal }: HashOptions,
): Promise<ColumnHash[]> {
  const inThreads = columns.map((column) =>
    column.type === 'string' || column.values.length < INLINE_ROWS ? null : threads.hash(column, { signal }),
  );
  // Told below, when it is its turn.
  for (const hash of inThreads) hash?.catch(() => undefined);
  const hashes: ColumnHash[] = [];
  for (const [index, column] of columns.entries()) {
    const hash = inThreads[index]!;
    if (hash === null) await turn();
    hashes.push(hash === null ? hashColumn(column) : await hash);
    signal?.throwIfAborted();
  }
  return hashes;
}

/** Rows that can get no feature, having no time. */
export function rowsWithoutTime(spine: Table, eventTime: string): number {
  if (findColumn(spine, eventTime)?.validity === null) return 0;
  return times(spine, eventTime).reduce((sum, time) => sum + (Number.isNaN(time) ? 1 : 0), 0);
}
