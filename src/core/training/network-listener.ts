import type { NetworkListener } from '../../numerics/network/index.ts';
import type { MlpLearner } from '../../shared/definitions/training.ts';
import type { OnIteration } from './fitted-model.ts';
import { type KeptCheckpoint, writeCheckpoint } from './network-checkpoint.ts';

const CHECKPOINT_SECONDS = 30;

/** Tells of epochs and hands over checkpoints, every so often and at the end; those before `kept` are told again. */
export function networkListener(
  learner: MlpLearner,
  kept: KeptCheckpoint | null,
  onIteration: OnIteration,
  to: {
    readonly onCheckpoint: (bytes: Uint8Array) => void;
    readonly onFinished?: (bytes: Uint8Array) => void;
  },
): NetworkListener {
  const { epochs: of, checkpointSeconds = CHECKPOINT_SECONDS } = learner;
  const epochs = [...(kept?.epochs ?? [])];
  for (const { epoch, metrics } of epochs) onIteration(epoch, of, metrics);
  let savedAt = performance.now();
  return {
    onEpoch: (epoch, trainLoss, validationLoss) => {
      const metrics = { trainLoss, ...(validationLoss === null ? {} : { validationLoss }) };
      epochs.push({ epoch, metrics });
      onIteration(epoch, of, metrics);
    },
    checkpointDue: () => performance.now() - savedAt >= checkpointSeconds * 1000,
    onCheckpoint: (checkpoint) => {
      to.onCheckpoint(writeCheckpoint({ checkpoint, epochs }));
      savedAt = performance.now();
    },
    ...(to.onFinished === undefined
      ? {}
      : { onFinished: (checkpoint) => to.onFinished?.(writeCheckpoint({ checkpoint, epochs })) }),
  };
}
