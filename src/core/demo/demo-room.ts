import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { demoReport } from '../../shared/contract/demo.ts';
import type { DemoReport, DriftCheck, Run } from '../../shared/contract/types.ts';
import { fixedLearner, type TrainingDefinition } from '../../shared/definitions/training.ts';
import { microsToIso } from '../../shared/table/column.ts';
import { VERSION } from '../../shared/version.ts';
import type { DataRoom } from '../data/index.ts';
import type { FeatureRoom } from '../features/index.ts';
import type { InferenceRoom, ScoredRows } from '../inference/index.ts';
import type { JobContext } from '../jobs/index.ts';
import type { MonitoringRoom } from '../monitoring/index.ts';
import type { ModelRegistry } from '../registry/index.ts';
import type { BlobStore, Store } from '../store/index.ts';
import type { TrackingRoom } from '../tracking/index.ts';
import {
  curves,
  type LearnedModel,
  measure,
  prefixed,
  suits,
  type TrainingRoom,
  type TrainingSet,
} from '../training/index.ts';
import { airportsImport, type DemoRows, flightsImport } from './demo-data.ts';
import { watchPeakMemory } from './peak-memory.ts';
import { randomHalves } from './random-halves.ts';
import type { ModelFindings } from './report/findings.ts';
import { renderReport } from './report/report-page.ts';
import { subContext } from './sub-context.ts';

export interface DemoOptions {
  /** The workspace's folder; the report is written there. */
  readonly folder: string;
  /** The product's own files, among them demo/falaj.yaml. */
  readonly resources: string;
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly data: DataRoom;
  readonly features: FeatureRoom;
  readonly training: TrainingRoom;
  readonly tracking: TrackingRoom;
  readonly registry: ModelRegistry;
  readonly inference: InferenceRoom;
  readonly monitoring: MonitoringRoom;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

const MODEL = 'delay-model';
const CHALLENGER = 'delay-challenger';
const BATCH_ROWS = 16_384;
/** Columns whose distributions are compared; times move by themselves. */
const WATCHED = ['delay', 'distance', 'origin', 'destination'];
const JUNE = '2001-06-01..2001-07-01';
const QUIET_MONTH = '2001-05-01..2001-06-01';
const QUIET_SEED = 20_010_501;

/** A model trained by the demo and scored again through ONNX Runtime. */
interface ScoredModel {
  readonly definition: TrainingDefinition;
  readonly learned: LearnedModel;
  readonly scored: ScoredRows;
  readonly scoreMs: number;
}

/** The main job, whole: from a file of flight records to a signed model and a report of what it is worth. */
export class DemoRoom {
  readonly #options: DemoOptions;

  constructor(options: DemoOptions) {
    this.#options = options;
  }

  async run(context: JobContext, input: { rows: DemoRows }): Promise<DemoReport> {
    const { data, features, training, registry, clock } = this.#options;
    const startedAt = performance.now();
    const memory = watchPeakMemory();
    const timingsMs: Record<string, number> = {};
    const timed = async <T>(name: string, work: () => Promise<T> | T): Promise<T> => {
      const began = performance.now();
      const result = await work();
      timingsMs[name] = (timingsMs[name] ?? 0) + (performance.now() - began);
      return result;
    };

    const flights = await timed('import', async () => {
      await data.import(subContext(context, 'import', [0, 0.01]), airportsImport());
      return data.import(subContext(context, 'import', [0.01, 0.12]), flightsImport(input.rows));
    });
    await timed('define', async () => {
      const file = path.join(this.#options.resources, 'demo', 'falaj.yaml');
      features.apply({
        documents: [{ file: 'falaj.yaml', text: await readFile(file, 'utf8') }],
        prune: false,
      });
    });

    const definition = fixedLearner(training.get({ name: MODEL }));
    const challengerDefinition = fixedLearner(training.get({ name: CHALLENGER }));
    const set = await training.assemble(subContext(context, 'join', [0.12, 0.4]), definition);
    timingsMs['load'] = set.timingsMs.load;
    timingsMs['join'] = set.timingsMs.join;
    const learned = await timed('train', () =>
      training.learn(subContext(context, 'train', [0.4, 0.7]), definition, set),
    );
    const challenger = await timed('challenger', async () => {
      const same = suits(set, definition, challengerDefinition);
      const own = same
        ? set
        : await training.assemble(subContext(context, 'challenger', [0.7, 0.72]), challengerDefinition);
      return training.learn(subContext(context, 'challenger', [0.72, 0.8]), challengerDefinition, own);
    });

    const scoredModel = await timed('score', () =>
      this.#score(subContext(context, 'score', [0.8, 0.87]), definition, learned, set),
    );
    const scoredChallenger = await this.#score(
      subContext(context, 'score', [0.87, 0.9]),
      challengerDefinition,
      challenger,
      set,
    );

    const { june, quiet } = await timed('drift', () =>
      this.#drift(subContext(context, 'drift', [0.9, 0.98]), set),
    );
    const version = await registry.get({
      reference: `${learned.result.model!.name}:${learned.result.model!.version}`,
    });
    context.progress({ step: 'report', fraction: 0.98 });

    const labels = set.labels.subarray(set.rows - set.split.test);
    const modelMetrics = measure('binary', labels, scoredModel.scored.scores);
    const challengerMetrics = measure('binary', labels, scoredChallenger.scored.scores);
    const baselineMetrics = measure('binary', labels, set.baseline);
    const peakMemoryBytes = await memory.stop();
    timingsMs['total'] = performance.now() - startedAt;

    const beatsBaseline =
      modelMetrics['auc']! > baselineMetrics['auc']! &&
      modelMetrics['logloss']! < baselineMetrics['logloss']!;
    const report = demoReport.parse({
      ok: beatsBaseline && version.signed && version.verified && !quiet.drift,
      rows: {
        imported: flights.rows,
        train: set.split.train,
        validation: set.split.validation,
        test: set.split.test,
      },
      metrics: { ...modelMetrics, ...prefixed('baseline', baselineMetrics) },
      model: { name: version.name, version: version.version, digest: version.digest, signed: version.signed },
      challenger: { name: challenger.result.model?.name ?? CHALLENGER, metrics: challengerMetrics },
      drift: driftFigures(june),
      quietCheck: driftFigures(quiet),
      timingsMs: roundAll(timingsMs),
      sizesBytes: {
        dataset: flights.sizeBytes,
        model: version.files.find((file) => file.path === 'model.onnx')?.sizeBytes ?? 0,
        store: this.#options.store.sizeBytes(),
        blobs: this.#options.blobs.usage().bytes,
      },
      hashes: { dataset: flights.digest, model: version.digest, ...fileHashes(version.files) },
      peakMemoryBytes,
      versions: await this.#versions(scoredModel.scored.runtime),
      workspace: this.#options.folder,
      report: path.join(this.#options.folder, 'report.html'),
    });

    const evaluation = learned.evaluation;
    const html = renderReport({
      report,
      madeAt: new Date(clock()).toISOString(),
      window: windowOf(set),
      model: findingsOf(scoredModel, labels, modelMetrics),
      challenger: findingsOf(scoredChallenger, labels, challengerMetrics),
      baseline: {
        name: 'Baseline',
        learner: `late rate of the ${definition.baseline?.groupBy ?? 'training part'}`,
        metrics: baselineMetrics,
        ...curves('binary', labels, set.baseline),
      },
      importance: evaluation.importance,
      learning: this.#learning(learned.result.run),
      drift: june,
      quiet,
      scoring: {
        p50Ms: scoredModel.scored.latencyMs.p50,
        p99Ms: scoredModel.scored.latencyMs.p99,
        batchRows: Math.min(BATCH_ROWS, set.split.test),
        rowsPerSecond: set.split.test / (scoredModel.scoreMs / 1000),
        largestDifference: largestDifference(scoredModel.scored.scores, learned.predictions),
      },
      machine: {
        cpu: os.cpus()[0]?.model ?? 'unknown',
        cores: os.availableParallelism(),
        memoryBytes: os.totalmem(),
        platform: `${process.platform} ${process.arch}`,
      },
    });
    await this.#write('report.html', html);
    await this.#write('report.json', `${JSON.stringify(report, null, 2)}\n`);
    context.progress({ step: 'report', fraction: 1 });
    return report;
  }

  /** Scores the hold-out as a server would: a signed version, verified, in an isolated process, batch by batch. */
  async #score(
    context: JobContext,
    definition: TrainingDefinition,
    learned: LearnedModel,
    set: TrainingSet,
  ): Promise<ScoredModel> {
    const { name, version } = learned.result.model!;
    const began = performance.now();
    const scored = await this.#options.inference.score(`${name}:${version}`, set.testRows, {
      batch: BATCH_ROWS,
      signal: context.signal,
      onProgress: (fraction, done) => context.progress({ fraction, done, unit: 'rows' }),
    });
    return { definition, learned, scored, scoreMs: performance.now() - began };
  }

  async #drift(context: JobContext, set: TrainingSet): Promise<{ june: DriftCheck; quiet: DriftCheck }> {
    const { data, monitoring } = this.#options;
    const { trainFrom, trainTo } = windowOf(set);
    const june = await monitoring.check(subContext(context, 'drift', [0, 0.6]), {
      reference: `flights[${trainFrom}..${trainTo}]`,
      current: `flights[${JUNE}]`,
      columns: WATCHED,
    });
    const [from, to] = QUIET_MONTH.split('..').map((text) => Date.parse(text) * 1000);
    const month = await data.load({ name: 'flights', columns: WATCHED, from, to });
    const [first, second] = randomHalves(month, QUIET_SEED);
    context.progress({ fraction: 0.8 });
    const quiet = monitoring.compare({
      reference: `flights[${QUIET_MONTH}], one random half`,
      current: `flights[${QUIET_MONTH}], the other half`,
      columns: WATCHED,
      referenceTable: first,
      currentTable: second,
    });
    return { june, quiet };
  }

  #learning(run: Run['id']): { name: string; points: { step: number; value: number }[] }[] {
    const { tracking } = this.#options;
    return [
      { metric: 'trainLoss', name: 'training part' },
      { metric: 'validationLoss', name: 'validation part' },
    ].map(({ metric, name }) => ({
      name,
      points: tracking.history({ id: run, metric, points: 200 }).map(({ step, value }) => ({ step, value })),
    }));
  }

  async #versions(onnxruntime: string): Promise<Record<string, string>> {
    const { default: duckdb } = await import('@duckdb/node-bindings');
    const row = this.#options.store
      .statement<{ version: string }>('SELECT sqlite_version() AS version')
      .get();
    return {
      falaj: VERSION,
      node: process.versions.node,
      duckdb: duckdb.library_version().replace(/^v/, ''),
      onnxruntime,
      sqlite: row?.version ?? 'unknown',
    };
  }

  /** Whole or not at all: a reader never sees half a report. */
  async #write(name: string, text: string): Promise<void> {
    await mkdir(this.#options.folder, { recursive: true });
    const file = path.join(this.#options.folder, name);
    const temporary = `${file}.${process.pid}.part`;
    await writeFile(temporary, text);
    await rename(temporary, file);
  }
}

const driftFigures = (check: DriftCheck): DemoReport['drift'] => ({
  drift: check.drift,
  columns: check.columns.length,
  drifted: check.columns.filter((column) => column.drift).length,
});

const roundAll = (figures: Readonly<Record<string, number>>): Record<string, number> =>
  Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Math.round(value * 10) / 10]));

const fileHashes = (files: readonly { path: string; digest: string }[]): Record<string, string> =>
  Object.fromEntries(files.map((file) => [file.path, file.digest]));

function findingsOf(
  { definition, learned, scored }: ScoredModel,
  labels: Float32Array,
  metrics: Record<string, number>,
): ModelFindings {
  const learner = definition.learner.kind === 'gbdt' ? 'boosted trees' : 'logistic regression';
  return { name: learned.result.model!.name, learner, metrics, ...curves('binary', labels, scored.scores) };
}

function largestDifference(scores: Float64Array, expected: Float64Array): number {
  let largest = 0;
  for (let row = 0; row < scores.length; row++)
    largest = Math.max(largest, Math.abs(scores[row]! - expected[row]!));
  return largest;
}

function windowOf({ times }: TrainingSet): {
  trainFrom: string;
  trainTo: string;
  testFrom: string;
  testTo: string;
} {
  const iso = (micros: number | undefined): string => microsToIso(micros ?? 0);
  return {
    trainFrom: iso(times?.trainFrom),
    trainTo: iso(times?.trainTo),
    testFrom: iso(times?.testFrom),
    testTo: iso(times?.testTo),
  };
}
