import { FalajError } from '../../shared/errors.ts';
import {
  appendLeaf,
  EMPTY_FRONTIER,
  type Frontier,
  HASH_BYTES,
  rootOf,
  verifyCheckpoint,
} from '../../trust/merkle-log/index.ts';
import { type EntryRow, type EntryTable, keptHash, keptLeafHash } from './entry-table.ts';
import { claimedSequence, hashLeaf } from './leaf.ts';

export interface LogFinding {
  /** Sequence of the first entry that does not fit; null when it cannot be told. */
  readonly firstDamaged: number | null;
  readonly reason: string;
}

export interface LogWalk {
  readonly frontier: Frontier;
  /** Roots at the sizes that were asked for and reached. */
  readonly roots: ReadonlyMap<number, Buffer>;
  readonly finding: LogFinding | null;
}

/** Hashes every entry again and compares each finished node with the one kept. Stops at the first that does not fit. */
export function walkLog(entries: EntryTable, sizes: ReadonlySet<number>): LogWalk {
  const roots = new Map<number, Buffer>();
  let frontier: Frontier = EMPTY_FRONTIER;
  const stop = (finding: LogFinding): LogWalk => ({ frontier, roots, finding });
  try {
    for (const row of entries.walk()) {
      const expected = frontier.size;
      if (row.sequence !== expected)
        return stop({ firstDamaged: expected, reason: `Entry ${expected} is missing.` });
      const hash = hashLeaf(row.leaf);
      if (!hash.equals(keptLeafHash(row)) || !isInPlace(row)) return stop(misfit(expected, row.leaf));
      if (!isFiledRight(row)) {
        const reason = `Entry ${expected} is filed under an action that is not its own.`;
        return stop({ firstDamaged: expected, reason });
      }
      const appended = appendLeaf(frontier, hash);
      const unlike = appended.finished.find((node) => !node.hash.equals(keptHash(row, node.level)));
      if (unlike !== undefined) {
        const first = unlike.position * 2 ** unlike.level;
        return stop({
          firstDamaged: first,
          reason: `One of the entries ${first} to ${expected} was replaced.`,
        });
      }
      if (row.hashes.length > appended.finished.length * HASH_BYTES) return stop(misfit(expected, row.leaf));
      frontier = appended.frontier;
      if (sizes.has(frontier.size)) roots.set(frontier.size, rootOf(frontier));
    }
  } catch (error) {
    if (!(error instanceof FalajError && error.code === 'STORE_DAMAGED')) throw error;
    return stop({ firstDamaged: frontier.size, reason: error.message });
  }
  return { frontier, roots, finding: null };
}

/** Compares the walk with the authenticated head. */
export function compareWithHead(walk: LogWalk, head: Frontier): LogFinding | null {
  const { size } = walk.frontier;
  if (size < head.size) {
    return { firstDamaged: size, reason: `The log ends at entry ${size}, but it had ${head.size} entries.` };
  }
  if (size > head.size) {
    return {
      firstDamaged: head.size,
      reason: `Entries from ${head.size} on were added without being recorded.`,
    };
  }
  return rootOf(walk.frontier).equals(rootOf(head))
    ? null
    : { firstDamaged: null, reason: 'The entries do not give the recorded root.' };
}

/**
 * Compares the walk with signed checkpoints, oldest first. A checkpoint that does not fit means that something before it
 * was rewritten, after the last one that does.
 */
export function compareWithCheckpoints(
  walk: LogWalk,
  notes: readonly string[],
  verifierKey: string,
): { finding: LogFinding | null; kept: number } {
  let kept = 0;
  let soundUpTo = 0;
  for (const note of notes) {
    const checkpoint = verifyCheckpoint(note, verifierKey);
    if (checkpoint === null)
      return {
        kept,
        finding: { firstDamaged: null, reason: 'A checkpoint is not signed by this workspace.' },
      };
    const { size, root } = checkpoint;
    if (size > walk.frontier.size) {
      const reason = `A checkpoint of ${size} entries exists, but the log has only ${walk.frontier.size}.`;
      return { kept, finding: { firstDamaged: walk.frontier.size, reason } };
    }
    if (size > 0 && !walk.roots.get(size)?.equals(root)) {
      const reason = `The log was rewritten before the checkpoint at ${size} entries.`;
      return { kept, finding: { firstDamaged: soundUpTo, reason } };
    }
    soundUpTo = size;
    kept++;
  }
  return { kept, finding: null };
}

/** The action stands beside the leaf to be searched by, and first in its canonical text: one that differs would hide the entry. */
const isFiledRight = ({ action, leaf }: EntryRow): boolean =>
  leaf.startsWith(`{"action":${JSON.stringify(action)},`);

/** Whole rows may have been exchanged, their hashes with them. The sequence comes last in the canonical text. */
const isInPlace = ({ sequence, leaf }: EntryRow): boolean => leaf.endsWith(`,"sequence":${sequence}}`);

function misfit(expected: number, leaf: string): LogFinding {
  const claimed = claimedSequence(leaf);
  return claimed === null || claimed === expected
    ? { firstDamaged: expected, reason: `Entry ${expected} was changed.` }
    : { firstDamaged: expected, reason: `In the place of entry ${expected} stands entry ${claimed}.` };
}
