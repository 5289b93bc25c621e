import type { Run } from '../../shared/contract/types.ts';
import type { RunHandle, TrackingRoom } from '../tracking/index.ts';

const CHECKPOINT_ARTIFACT = 'checkpoint/network.bin';
const CHECKPOINT_TAG = 'checkpoint';
/** Of those that left a checkpoint of the same rows and options: each attempt that was stopped is one. */
const LOOKED_AT_RUNS = 50;

/** Keeps the newest checkpoint of a run, encrypted, while it learns. One is written at a time; those in between are passed over. */
export class CheckpointKeeper {
  readonly #run: RunHandle;
  readonly #onFailure: (error: unknown) => void;
  #next: Uint8Array | null = null;
  #writing: Promise<void> | null = null;

  constructor(run: RunHandle, onFailure: (error: unknown) => void) {
    this.#run = run;
    this.#onFailure = onFailure;
  }

  keep(bytes: Uint8Array): void {
    this.#next = bytes;
    this.#writing ??= this.#write();
  }

  /** Resolves when nothing is being written any more. */
  async settled(): Promise<void> {
    await this.#writing;
  }

  async #write(): Promise<void> {
    while (this.#next !== null) {
      const bytes = this.#next;
      this.#next = null;
      try {
        await this.#run.addArtifact(CHECKPOINT_ARTIFACT, bytes);
      } catch (error) {
        // The training itself is unharmed: it can only not go on from here.
        this.#onFailure(error);
      }
    }
    this.#writing = null;
  }
}

/**
 * The newest run of an experiment that stopped on the way with a checkpoint of these very rows and options.
 *
 * @param key what the checkpoint belongs to, in hexadecimal.
 */
export const stoppedRun = (tracking: TrackingRoom, experiment: string, key: string): Run | null =>
  tracking
    .list({ experiment, filter: `tags.${CHECKPOINT_TAG} = '${key}'`, limit: LOOKED_AT_RUNS })
    .find(
      ({ status, artifacts }) =>
        (status === 'failed' || status === 'killed') &&
        artifacts.some(({ path }) => path === CHECKPOINT_ARTIFACT),
    ) ?? null;

/** @throws NOT_FOUND for a run without one. */
export const checkpointOf = (tracking: TrackingRoom, run: Run): Promise<Buffer> =>
  tracking.artifact({ id: run.id, path: CHECKPOINT_ARTIFACT });

/** Tags of a run that can be gone on from, and of one that does. */
export const checkpointTags = (key: string, from: Run | null): Record<string, string> => ({
  [CHECKPOINT_TAG]: key,
  ...(from === null ? {} : { resumedFrom: from.id }),
});

/** Lets go of checkpoints that a finished run has made needless. */
export function dropCheckpoints(tracking: TrackingRoom, runs: readonly string[]): void {
  for (const id of runs)
    if (tracking.get({ id }).artifacts.some(({ path }) => path === CHECKPOINT_ARTIFACT))
      tracking.files.remove({ kind: 'run', id }, CHECKPOINT_ARTIFACT);
}
