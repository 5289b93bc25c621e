import { emptyRoot, nodeHash } from './hashes.ts';

/** A finished node: the root of the perfect subtree over leaves `position · 2^level` to `(position + 1) · 2^level - 1`. */
export interface LogNode {
  readonly level: number;
  readonly position: number;
  readonly hash: Buffer;
}

/**
 * The right edge of a log: the roots of its perfect subtrees, largest first, one per set bit of its size. It is all that
 * an append needs.
 */
export interface Frontier {
  readonly size: number;
  readonly hashes: readonly Buffer[];
}

export const EMPTY_FRONTIER: Frontier = Object.freeze({ size: 0, hashes: Object.freeze([]) });

/** Appends one leaf hash. `finished` are the nodes that became complete, leaf first: two on average. */
export function appendLeaf(frontier: Frontier, hash: Buffer): { frontier: Frontier; finished: LogNode[] } {
  const hashes = [...frontier.hashes];
  const finished: LogNode[] = [{ level: 0, position: frontier.size, hash }];
  let current = hash;
  let position = frontier.size;
  for (let level = 1; position % 2 === 1; level++) {
    current = nodeHash(hashes.pop()!, current);
    position = (position - 1) / 2;
    finished.push({ level, position, hash: current });
  }
  hashes.push(current);
  return { frontier: { size: frontier.size + 1, hashes }, finished };
}

export function rootOf(frontier: Frontier): Buffer {
  const last = frontier.hashes.at(-1);
  if (last === undefined) return emptyRoot();
  return frontier.hashes.slice(0, -1).reduceRight((right, left) => nodeHash(left, right), last);
}
