import type { KeyRuns } from './key-runs.ts';

/** The keys `firstKey` up to, but not with, `endKey`. */
export interface KeyPartition {
  readonly firstKey: number;
  readonly endKey: number;
}

/** The rows of a history and of a spine, by the same keys. */
export interface SharedKeys {
  readonly history: KeyRuns;
  readonly spine: KeyRuns;
}

/** Rows of a partition, key by key. */
export interface PartitionRows {
  /** Which rows they are. */
  readonly rows: Uint32Array;
  /** Per row, its key by its place among those of the partition that have both a history and a question. */
  readonly key: Uint32Array;
}

/**
 * Cuts keys into partitions that can be worked on apart from each other, each of at most so many rows, or of one key that
 * has more. Rows of keys that nothing is asked of are in none.
 */
export function keyPartitions({ history, spine }: SharedKeys, mostRows: number): KeyPartition[] {
  const partitions: KeyPartition[] = [];
  const keys = sharedCount({ history, spine });
  let firstKey = 0;
  let rows = 0;
  for (let key = 0; key < keys; key++) {
    const own = rowsOfBoth({ history, spine }, key);
    if (rows > 0 && rows + own > mostRows) {
      partitions.push({ firstKey, endKey: key });
      firstKey = key;
      rows = 0;
    }
    rows += own;
  }
  return rows === 0 ? partitions : [...partitions, { firstKey, endKey: keys }];
}

/** The rows of a partition, in their order within each key. */
export function partitionRows(
  { history, spine }: SharedKeys,
  { firstKey, endKey }: KeyPartition,
): { readonly history: PartitionRows; readonly spine: PartitionRows } {
  const used: number[] = [];
  for (let key = firstKey; key < endKey; key++) if (rowsOfBoth({ history, spine }, key) > 0) used.push(key);
  return { history: rowsOfKeys(history, used), spine: rowsOfKeys(spine, used) };
}

const sharedCount = ({ history, spine }: SharedKeys): number =>
  Math.min(history.starts.length, spine.starts.length) - 1;

/** None where one of the two has no row of the key. */
function rowsOfBoth({ history, spine }: SharedKeys, key: number): number {
  const facts = history.starts[key + 1]! - history.starts[key]!;
  const questions = spine.starts[key + 1]! - spine.starts[key]!;
  return facts === 0 || questions === 0 ? 0 : facts + questions;
}

function rowsOfKeys({ starts, rows }: KeyRuns, keys: readonly number[]): PartitionRows {
  const count = keys.reduce((sum, key) => sum + starts[key + 1]! - starts[key]!, 0);
  const part = { rows: new Uint32Array(count), key: new Uint32Array(count) };
  let at = 0;
  for (let index = 0; index < keys.length; index++) {
    const end = starts[keys[index]! + 1]!;
    for (let place = starts[keys[index]!]!; place < end; place++, at++) {
      part.rows[at] = rows[place]!;
      part.key[at] = index;
    }
  }
  return part;
}
