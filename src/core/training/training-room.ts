import os from 'node:os';
import type {
  ChangedRoom,
  DeviceReport,
  Evaluation,
  JobNeeds,
  Run,
  RunTrials,
} from '../../shared/contract/types.ts';
import { scriptNeeds } from '../../shared/definitions/python-learner.ts';
import {
  type AnyTraining,
  type AutoTraining,
  isAuto,
  spelledOut,
  type TrainingDefinition,
  type TrainResult,
} from '../../shared/definitions/training.ts';
import { toFalajError } from '../../shared/errors.ts';
import { PARENT_TAG, SEARCH_TAG } from '../../shared/run-search.ts';
import type { AuditLog } from '../audit/index.ts';
import type { DataRoom } from '../data/index.ts';
import type { FeatureRoom } from '../features/index.ts';
import type { JobContext } from '../jobs/index.ts';
import { type ModelRegistry, stepOf } from '../registry/index.ts';
import type { ShellEnvironments } from '../scripts/index.ts';
import type { Store } from '../store/index.ts';
import type { RunHandle, TrackingRoom } from '../tracking/index.ts';
import { checkAgreement } from './check-agreement.ts';
import { checkTraining } from './check-training.ts';
import { isNative } from './fit-encoding.ts';
import { Fitter } from './fitter.ts';
import type { GraphicsOptions } from './graphics/fit-on-graphics.ts';
import { keepModel } from './keep-model.ts';
import {
  CheckpointKeeper,
  checkpointOf,
  checkpointTags,
  dropCheckpoints,
  stoppedRun,
} from './kept-checkpoints.ts';
import { deviceTags } from './learning-device.ts';
import { checkpointKey } from './network-checkpoint.ts';
import {
  differencesSince,
  keepScript,
  type PreparedScript,
  REPEATS_TAG,
  repeatedRun,
} from './python/kept-script.ts';
import { removeAbandoned } from './python/memory-folder.ts';
import { prepareScript, type ScriptRequest } from './python/prepare-script.ts';
import { endRun, finishRun } from './run-end.ts';
import { paramsOf } from './run-params.ts';
import type { LearnListener } from './run-worker.ts';
import { assembleTrainingSet, type TrainingSet } from './training-set.ts';
import { chooseLearner } from './tuning/choose-learner.ts';
import { searchBoard } from './tuning/search-board.ts';
import { searchInputs } from './tuning/search-inputs.ts';
import type { TuneRequest } from './tuning/tune-request.ts';
import { type Tuned, tuneTraining } from './tuning/tune-training.ts';
import type { LearnRequest } from './worker-messages.ts';

export interface TrainingOptions {
  readonly data: DataRoom;
  readonly features: FeatureRoom;
  readonly tracking: TrackingRoom;
  readonly registry: ModelRegistry;
  readonly store: Store;
  readonly audit: AuditLog;
  readonly notify: (room: ChangedRoom) => void;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  /** Threads a learner may use; the CPUs this process may use unless said. */
  readonly threads?: number;
  /** The shells that trainings were started from. */
  readonly environments: ShellEnvironments;
  readonly devices: () => Promise<Pick<DeviceReport, 'accelerators'>>;
  /** How GPUs are used; tests set it. */
  readonly graphics?: GraphicsOptions;
}

/** A finished training, with what only the one who asked for it needs. */
export interface LearnedModel {
  readonly result: TrainResult;
  /** The learner's own predictions for the test rows, in order. */
  readonly predictions: Float64Array;
  readonly evaluation: Evaluation;
}

export interface TrainingRequest extends ScriptRequest {
  readonly name: string;
  /** A run that is repeated, with the definition and the code of then. */
  readonly repeats?: string | undefined;
}

export interface LearnOptions {
  /** Of the job's progress. */
  readonly range?: readonly [number, number];
  readonly tags?: Readonly<Record<string, string>>;
  /** Made ready before, where the learner is a script. */
  readonly script?: PreparedScript | null;
}

interface Learning {
  readonly run: RunHandle;
  readonly range: readonly [number, number];
  readonly script: PreparedScript | null;
}

/** As many as a search may have. */
const MOST_TRIALS = 10_000;

/** Turns training definitions into runs and signed models. */
export class TrainingRoom {
  readonly #options: TrainingOptions;
  readonly #threads: number;
  readonly #fitter: Fitter;

  constructor(options: TrainingOptions) {
    this.#options = options;
    this.#fitter = new Fitter(options.clock, options.graphics);
    this.#threads = options.threads ?? os.availableParallelism();
  }

  list(): AnyTraining[] {
    return this.#options.features.trainings();
  }

  /** Takes away what scripts of an engine that died left. */
  endAbandoned(): Promise<void> {
    return removeAbandoned();
  }

  /** Keeps the variables of a shell for a training that is begun from it; gives the id that the training names. */
  keepEnvironment(environment: Readonly<Record<string, string>>): string {
    return this.#options.environments.keep(environment);
  }

  get(input: { name: string }): AnyTraining {
    return this.#options.features.training(input);
  }

  /** What a training takes of the machine for itself; null for one that shares it. */
  needs(input: { name: string }): JobNeeds | null {
    const { learner } = this.get(input);
    return learner !== 'auto' && learner.kind === 'python' ? scriptNeeds(learner) : null;
  }

  /** The trials of a search, and what they tell about its settings; of a run under a search those beside it. */
  trials({ id }: { id: string }): RunTrials {
    const { tracking } = this.#options;
    const asked = tracking.get({ id });
    const above = asked.tags[PARENT_TAG];
    const isBelow = asked.tags[SEARCH_TAG] === undefined && above !== undefined;
    const search = isBelow ? tracking.get({ id: above }) : asked;
    return searchBoard(search, tracking.list({ parent: search.id, limit: MOST_TRIALS }));
  }

  /** Whether a definition's names are there and its expressions can be computed. */
  async check({ definition }: { definition: AnyTraining }): Promise<{ ready: true }> {
    await checkTraining(definition, this.#options);
    return { ready: true };
  }

  /** The whole of it: assemble the set, learn, evaluate on the hold-out, register signed. */
  async run(context: JobContext, input: TrainingRequest): Promise<TrainResult> {
    const { tracking } = this.#options;
    if (input.repeats === undefined) return this.#run(context, input, spelledOut(this.get(input)));
    const before = await repeatedRun(tracking, input.repeats);
    const result = await this.#run(context, input, before.definition);
    tracking.clients.logBatch(result.run, { tags: { [REPEATS_TAG]: input.repeats } });
    return { ...result, differences: await differencesSince(tracking, before, result.run) };
  }

  async #run(
    context: JobContext,
    input: TrainingRequest,
    definition: TrainingDefinition | AutoTraining,
  ): Promise<TrainResult> {
    if (isAuto(definition)) return this.#auto(context, definition);
    const script = await this.#script(context, definition, input);
    const { tune } = definition;
    if (tune !== undefined) return this.#tune(context, { ...definition, tune }, script);
    const set = await this.assemble(context, definition, [0, 0.5]);
    const { result } = await this.learn(context, definition, set, { range: [0.5, 1], script });
    return result;
  }

  /** Who runs the script of a definition; null for learners of our own. */
  async #script(
    context: JobContext,
    { name, learner }: TrainingDefinition,
    request: ScriptRequest = {},
  ): Promise<PreparedScript | null> {
    if (learner.kind !== 'python') return null;
    return prepareScript({ name, learner }, request, { ...this.#options, context });
  }

  /** Searches for the best settings, and learns with them. */
  async #tune(
    context: JobContext,
    definition: TuneRequest['definition'],
    script: PreparedScript | null,
  ): Promise<TrainResult> {
    const { tracking, clock } = this.#options;
    const set = await this.assemble(context, definition, [0, 0.2]);
    const { learner, parent, found } = await tuneTraining({
      definition,
      ...this.#requests(definition, set),
      ...(script === null ? {} : { outside: script }),
      tracking,
      context,
      clock,
      range: [0.2, 0.8],
    });
    return this.#learnBest(context, { ...definition, learner }, set, { parent, found, script });
  }

  /** Searches with each learner, and learns with the one that did best on the validation part. */
  async #auto(context: JobContext, definition: AutoTraining): Promise<TrainResult> {
    const { tracking, clock } = this.#options;
    const { best, set, parent, found } = await chooseLearner({
      definition,
      tracking,
      context,
      clock,
      assemble: (candidate, range) => this.assemble(context, candidate, range),
      requestsOf: (candidate, candidateSet) => this.#requests(candidate, candidateSet),
    });
    return this.#learnBest(context, best, set, { parent, found, script: null });
  }

  /** Learns with what a search found, under its run; the test part is looked at only now. */
  async #learnBest(
    context: JobContext,
    definition: TrainingDefinition,
    set: TrainingSet,
    { parent, found, script }: Pick<Tuned, 'parent' | 'found'> & { readonly script: PreparedScript | null },
  ): Promise<TrainResult> {
    try {
      const { result } = await this.learn(context, definition, set, {
        range: [0.8, 1],
        tags: { [PARENT_TAG]: parent.id },
        script,
      });
      const { model } = result;
      await finishRun(context, parent, { data: [...set.datasets], ...(model === null ? {} : { model }) });
      return { ...result, tuning: found };
    } catch (error) {
      await endRun(context, parent, error);
      throw error;
    }
  }

  /** The leak-free training set of a definition, with progress between the two fractions. */
  assemble(
    context: JobContext,
    definition: TrainingDefinition,
    range: readonly [number, number] = [0, 1],
  ): Promise<TrainingSet> {
    const shares = { load: [0, 0.15], join: [0.15, 0.85], arrange: [0.85, 1] } as const;
    return assembleTrainingSet(definition, {
      data: this.#options.data,
      features: this.#options.features,
      signal: context.signal,
      onProgress: (step, fraction) => {
        const [from, to] = shares[step];
        context.progress({
          step: step === 'arrange' ? 'join' : step,
          fraction: within(range, from + (to - from) * fraction),
        });
      },
    });
  }

  /** Learns from an assembled set as a tracked run. */
  async learn(
    context: JobContext,
    definition: TrainingDefinition,
    set: TrainingSet,
    { range = [0, 1], tags = {}, script }: LearnOptions = {},
  ): Promise<LearnedModel> {
    const run = this.#options.tracking.startRun({
      experiment: definition.experiment ?? definition.name,
      name: definition.name,
      params: paramsOf(definition, set),
      tags: { training: definition.name, job: context.id, ...tags },
    });
    try {
      const prepared = script === undefined ? await this.#script(context, definition) : script;
      const learned = await this.#learn(context, definition, set, { run, range, script: prepared });
      this.#options.notify('training');
      return learned;
    } catch (error) {
      await endRun(context, run, error, { data: [...set.datasets] });
      throw error;
    }
  }

  /** What a search learns with: the set, and its folds. */
  #requests(
    definition: TrainingDefinition,
    set: TrainingSet,
  ): Pick<TuneRequest, 'learn' | 'folds' | 'inputs'> {
    const learn = this.#request(definition, set);
    const folds = set.folds.map(
      ({ matrix, matrixFeatures, labels, weights, rows, train, validation }): LearnRequest => ({
        ...learn,
        ...columnsOf(definition, matrixFeatures),
        matrix,
        labels,
        weights,
        rows,
        train,
        validation,
        test: rows - train - validation,
      }),
    );
    return { learn, folds, inputs: searchInputs(set) };
  }

  #request(definition: TrainingDefinition, set: TrainingSet): LearnRequest {
    return {
      matrix: set.matrix,
      labels: set.labels,
      rows: set.rows,
      ...set.split,
      ...columnsOf(definition, set.matrixFeatures),
      preprocessing: { steps: set.features.map(stepOf), width: set.matrixFeatures.length },
      weights: set.weights,
      classes: set.classes,
      baseline: set.baseline,
      task: definition.task,
      learner: definition.learner,
      calibrate: definition.calibrate,
      evaluate: definition.evaluate,
      slices: set.slices,
      seed: definition.seed,
      threads: Math.min(askedThreads(definition), this.#threads),
    };
  }

  async #learn(
    context: JobContext,
    definition: TrainingDefinition,
    set: TrainingSet,
    { run, range, script }: Learning,
  ): Promise<LearnedModel> {
    const { signal } = context;
    if (script !== null) await keepScript(run, definition, script);
    context.progress({ step: 'fit', fraction: within(range, 0) });
    const request = this.#request(definition, set);
    const { checkpoint, key, from } = await this.#checkpoint(request, definition);
    if (key !== null) run.setTags(checkpointTags(key, from));
    if (from !== null) context.log('info', `Goes on from the checkpoint of the run ${from.id}.`);
    const checkpoints = new CheckpointKeeper(run, (error) =>
      context.log('warn', `A checkpoint could not be kept: ${toFalajError(error).message}`),
    );
    const listener: LearnListener = {
      onIteration: (step, of, metrics) => {
        for (const [name, value] of Object.entries(metrics))
          if (Number.isFinite(value)) run.logMetric(name, step, value);
        context.progress({
          step: 'fit',
          fraction: within(range, 0.85 * (step / of)),
          detail: `${step} / ${of}`,
        });
      },
      onStep: (step) =>
        context.progress({ step, fraction: within(range, step === 'evaluate' ? 0.86 : 0.92) }),
      onCheckpoint: (bytes) => checkpoints.keep(bytes),
      ...(script === null ? {} : { outside: script }),
    };
    const outcome = await this.#fitter
      .fit({ ...request, checkpoint }, listener, signal, (record) => {
        run.setTags(deviceTags(record));
        if (definition.learner.kind === 'mlp') context.log('info', `${record.device}: ${record.reason}`);
      })
      .finally(() => checkpoints.settled());
    const exportStartedAt = performance.now();
    const { inputs, outputs, difference } = await checkAgreement(definition.task, set, outcome, {
      threads: this.#threads,
      signal,
    });
    const metrics = { ...outcome.metrics, onnxDifference: difference };
    context.log(
      'info',
      `ONNX Runtime reproduces the learner's predictions to ${difference.toExponential(1)}.`,
    );

    const model = await keepModel(
      { definition, set, outcome, signature: { inputs, outputs } },
      {
        run,
        registry: this.#options.registry,
        receipt: this.#options.features.receiptOf(set.description, run.id),
        signal,
      },
    );
    await finishRun(context, run, {
      metrics,
      evaluation: outcome.evaluation,
      data: [...set.datasets],
      ...(model === null ? {} : { model }),
    });
    dropCheckpoints(this.#options.tracking, [run.id, ...(from === null ? [] : [from.id])]);
    context.progress({ step: 'export', fraction: within(range, 1) });
    const timingsMs = {
      load: set.timingsMs.load + set.timingsMs.join,
      fit: outcome.timingsMs.fit,
      evaluate: outcome.timingsMs.evaluate,
      export: outcome.timingsMs.export + (performance.now() - exportStartedAt),
    };
    return {
      result: { run: run.id, model, metrics, timingsMs },
      predictions: outcome.predictions,
      evaluation: outcome.evaluation,
    };
  }

  /** What a network of these rows and options goes on from, if such a training was stopped; other learners start anew. */
  async #checkpoint(
    request: LearnRequest,
    definition: TrainingDefinition,
  ): Promise<{ checkpoint: Uint8Array | undefined; key: string | null; from: Run | null }> {
    if (definition.learner.kind !== 'mlp') return { checkpoint: undefined, key: null, from: null };
    const { tracking } = this.#options;
    const key = checkpointKey(request);
    const from = stoppedRun(tracking, definition.experiment ?? definition.name, key);
    const checkpoint = from === null ? undefined : await checkpointOf(tracking, from);
    return { checkpoint, key, from };
  }
}

const within = ([from, to]: readonly [number, number], fraction: number): number =>
  from + (to - from) * fraction;

const columnsOf = (
  definition: TrainingDefinition,
  features: TrainingSet['matrixFeatures'],
): Pick<LearnRequest, 'featureNames' | 'categorical'> => ({
  featureNames: features.map(({ name }) => name),
  categorical: features.map(({ categorical }) => categorical && isNative(definition)),
});

const askedThreads = ({ learner }: TrainingDefinition): number =>
  (learner.kind === 'python' ? learner.cpus : undefined) ?? Number.POSITIVE_INFINITY;
