import os from 'node:os';
import type { ChangedRoom, DeviceReport, JobNeeds, RunTrials } from '../../shared/contract/types.ts';
import { scriptNeeds } from '../../shared/definitions/python-learner.ts';
import {
  type AnyTraining,
  type AutoTraining,
  isAuto,
  spelledOut,
  type TrainingDefinition,
  type TrainResult,
} from '../../shared/definitions/training.ts';
import { PARENT_TAG, SEARCH_TAG } from '../../shared/run-search.ts';
import type { AuditLog } from '../audit/index.ts';
import type { DataRoom } from '../data/index.ts';
import type { FeatureRoom } from '../features/index.ts';
import type { JobContext } from '../jobs/index.ts';
import type { ModelRegistry } from '../registry/index.ts';
import type { ShellEnvironments } from '../scripts/index.ts';
import type { Store } from '../store/index.ts';
import type { TrackingRoom } from '../tracking/index.ts';
import { checkTraining } from './check-training.ts';
import { Fitter } from './fitter.ts';
import type { GraphicsOptions } from './graphics/in-graphics.ts';
import { searchRequests } from './learn-request.ts';
import { type LearnedModel, learnRun } from './learn-run.ts';
import type { DeviceRecord } from './learning-device.ts';
import { differencesSince, type PreparedScript, REPEATS_TAG, repeatedRun } from './python/kept-script.ts';
import { removeAbandoned } from './python/memory-folder.ts';
import { prepareScript, type ScriptRequest } from './python/prepare-script.ts';
import { endRun, finishRun } from './run-end.ts';
import { paramsOf } from './run-params.ts';
import { assembleTrainingSet, type TrainingSet } from './training-set.ts';
import { chooseLearner } from './tuning/choose-learner.ts';
import { searchBoard } from './tuning/search-board.ts';
import type { TuneRequest } from './tuning/tune-request.ts';
import { type Tuned, tuneTraining } from './tuning/tune-training.ts';
import { within } from './within.ts';

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

export interface TrainingRequest extends ScriptRequest {
  readonly name: string;
  /** A run that is repeated, with the definition and the code of then. */
  readonly repeats?: string | undefined;
}

export interface LearnOptions {
  /** Of the job's progress. */
  readonly range?: readonly [number, number];
  readonly tags?: Readonly<Record<string, string>>;
  /** Chosen before, by a search. */
  readonly device?: DeviceRecord | null;
  /** Made ready before, where the learner is a script. */
  readonly script?: PreparedScript | null;
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
    const { learner, parent, device, found } = await tuneTraining({
      definition,
      ...searchRequests(definition, set, this.#threads),
      ...(script === null ? {} : { outside: script }),
      fitter: this.#fitter,
      tracking,
      context,
      clock,
      range: [0.2, 0.8],
    });
    return this.#learnBest(context, { ...definition, learner }, set, { parent, device, found, script });
  }

  /** Searches with each learner, and learns with the one that did best on the validation part. */
  async #auto(context: JobContext, definition: AutoTraining): Promise<TrainResult> {
    const { tracking, clock } = this.#options;
    const { best, set, parent, device, found } = await chooseLearner({
      definition,
      tracking,
      context,
      clock,
      fitter: this.#fitter,
      assemble: (candidate, range) => this.assemble(context, candidate, range),
      requestsOf: (candidate, candidateSet) => searchRequests(candidate, candidateSet, this.#threads),
    });
    return this.#learnBest(context, best, set, { parent, device, found, script: null });
  }

  /** Learns with what a search found, under its run; the test part is looked at only now. */
  async #learnBest(
    context: JobContext,
    definition: TrainingDefinition,
    set: TrainingSet,
    {
      parent,
      device,
      found,
      script,
    }: Pick<Tuned, 'parent' | 'device' | 'found'> & { readonly script: PreparedScript | null },
  ): Promise<TrainResult> {
    try {
      const { result } = await this.learn(context, definition, set, {
        range: [0.8, 1],
        tags: { [PARENT_TAG]: parent.id },
        device,
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
  async assemble(
    context: JobContext,
    definition: TrainingDefinition,
    range: readonly [number, number] = [0, 1],
  ): Promise<TrainingSet> {
    const shares = { load: [0, 0.15], join: [0.15, 0.85], arrange: [0.85, 1] } as const;
    const set = await assembleTrainingSet(definition, {
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
    for (const name of set.ownLabel)
      context.log(
        'warn',
        `${name} holds each row's own label: the model will look better than it is. Set exclusive: true on its aggregate, say when rows become known (knownTime), or leave it out.`,
      );
    return set;
  }

  /** Learns from an assembled set as a tracked run. */
  async learn(
    context: JobContext,
    definition: TrainingDefinition,
    set: TrainingSet,
    { range = [0, 1], tags = {}, device = null, script }: LearnOptions = {},
  ): Promise<LearnedModel> {
    const run = this.#options.tracking.startRun({
      experiment: definition.experiment ?? definition.name,
      name: definition.name,
      params: paramsOf(definition, set),
      tags: { training: definition.name, job: context.id, ...tags },
    });
    try {
      const prepared = script === undefined ? await this.#script(context, definition) : script;
      const learned = await learnRun(
        context,
        { definition, set, run, range, device, script: prepared },
        { ...this.#options, fitter: this.#fitter, threads: this.#threads },
      );
      this.#options.notify('training');
      return learned;
    } catch (error) {
      await endRun(context, run, error, { data: [...set.datasets] });
      throw error;
    }
  }
}
