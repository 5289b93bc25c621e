import type { TrainingDefinition } from '../../shared/definitions/training.ts';
import type { ModelMetadata, ModelRegistry } from '../registry/index.ts';
import type { RunHandle } from '../tracking/index.ts';
import type { TrainingSet } from './training-set.ts';
import type { LearnOutcome } from './worker-messages.ts';

export interface LearnedOutcome {
  readonly definition: TrainingDefinition;
  readonly set: TrainingSet;
  readonly outcome: LearnOutcome;
  /** Raw columns and what comes of them, as the model's graph has them. */
  readonly signature: Pick<ModelMetadata, 'inputs' | 'outputs'>;
}

export interface KeepModelOptions {
  readonly run: RunHandle;
  readonly registry: ModelRegistry;
  /** Signed, of the set that was learned from. */
  readonly receipt: string;
  readonly signal: AbortSignal;
}

const RECEIPT_ARTIFACT = 'training-set/receipt.json';

/** Keeps a model with its run, and registers it where its definition says so; the version, null where it does not. */
export async function keepModel(
  learned: LearnedOutcome,
  { run, registry, receipt, signal }: KeepModelOptions,
): Promise<{ name: string; version: number } | null> {
  const { definition, outcome } = learned;
  const metadata = metadataOf(learned);
  await run.addArtifact(RECEIPT_ARTIFACT, Buffer.from(receipt));
  await run.addArtifact('model/model.onnx', outcome.onnx);
  await run.addArtifact('model/metadata.json', Buffer.from(`${JSON.stringify(metadata, null, 2)}\n`));
  for (const [file, text] of Object.entries(outcome.files))
    await run.addArtifact(`model/${file}`, Buffer.from(text));
  signal.throwIfAborted();
  if (definition.register === undefined) return null;
  const { model, alias } = definition.register;
  const { name, version } = await registry.register({
    name: model,
    model: outcome.onnx,
    metadata,
    run: run.id,
    ...(alias === undefined ? {} : { alias }),
    signal,
  });
  return { name, version };
}

function metadataOf({ definition, set, outcome, signature }: LearnedOutcome): ModelMetadata {
  const { framework, metrics, evaluation } = outcome;
  return {
    format: 'falaj-model/1',
    framework,
    task: definition.task,
    ...(set.classes === null ? {} : { classes: [...set.classes] }),
    // Only a threshold that was asked for decides what predictions say.
    ...(definition.evaluate?.threshold === undefined || evaluation.threshold === undefined
      ? {}
      : { threshold: evaluation.threshold.value }),
    ...signature,
    features: [...set.features],
    metrics,
    training: definition,
    datasets: set.datasets.map(({ name, version, digest }) => ({ name, version, digest })),
  };
}
