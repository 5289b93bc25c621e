import { VERSION } from '../../../shared/version.ts';
import { type StagedFile, stageFile, tableFormat } from '../../data/index.ts';
import type { FeatureThreads } from '../join/compute/feature-threads.ts';
import { buildSet, draftSet, type SpineRows, type StartedSet } from './build-set.ts';
import { hashSet, type SetFacts, type SetHashes } from './describe-set.ts';
import { type Records, recordSet, type SetTarget, stageWholeSet } from './write-set.ts';
import { writeStretches } from './write-stretches.ts';

export interface StageTarget extends SetTarget {
  readonly withHashes: boolean;
}

/** A set that lies beside its place, and what a receipt will say of it. */
export interface StagedSet {
  readonly facts: SetFacts;
  /** Null unless they were wanted. */
  readonly hashes: SetHashes | null;
  readonly staged: StagedFile;
}

type StageOptions = Records & { readonly threads: FeatureThreads };

/** Joins a set and writes it beside its place; it is on record before its first byte is written. */
export const stageSet = (
  options: StageOptions,
  started: StartedSet,
  rows: SpineRows,
  target: StageTarget,
): Promise<StagedSet> =>
  (tableFormat(target.file) === 'parquet' ? stageStretches : stageWhole)(options, started, rows, target);

/** Computed while it is written: its features never lie in memory as a whole. */
async function stageStretches(
  options: StageOptions,
  started: StartedSet,
  { onProgress, ...rows }: SpineRows,
  { file, object, withHashes, signal }: StageTarget,
): Promise<StagedSet> {
  const draft = draftSet(started, rows);
  const size = { rows: rows.spine.rows, columns: draft.names.length };
  const { staged, result } = await stageFile(file, (handle) =>
    writeStretches(
      {
        handle,
        createdBy: `Falaj ${VERSION}`,
        onFirst: () => recordSet(options, size, { object, format: 'parquet' }),
      },
      draft,
      { threads: options.threads, withHashes, signal, onProgress },
    ),
  );
  return { facts: draft.facts(result.expiredRows), hashes: result.hashes, staged };
}

/** The same set, of which nothing but its hashes is left. */
export async function hashedSet(
  { threads }: Pick<StageOptions, 'threads'>,
  started: StartedSet,
  { onProgress, ...rows }: SpineRows,
  signal: AbortSignal,
): Promise<Pick<StagedSet, 'facts' | 'hashes'>> {
  const draft = draftSet(started, rows);
  const options = { threads, withHashes: true, signal, onProgress };
  const { hashes, expiredRows } = await writeStretches(null, draft, options);
  return { facts: draft.facts(expiredRows), hashes };
}

async function stageWhole(
  options: StageOptions,
  started: StartedSet,
  rows: SpineRows,
  target: StageTarget,
): Promise<StagedSet> {
  const facts = await buildSet(started, rows);
  // It is hashed while it is written; what fails is told once the draft is there to be thrown away.
  const { threads } = options;
  const hashing = target.withHashes
    ? hashSet(facts, { threads, signal: target.signal })
    : Promise.resolve(null);
  hashing.catch(() => undefined);
  const staged = await stageWholeSet(options, facts, target);
  try {
    return { facts, staged, hashes: await hashing };
  } catch (error) {
    await staged.discard();
    throw error;
  }
}
