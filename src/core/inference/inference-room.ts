import path from 'node:path';
import type { z } from 'zod';
import { randomIndices, shuffle } from '../../numerics/importance/index.ts';
import type { explainInput } from '../../shared/contract/models.ts';
import type { DeviceReport, ModelExplanation } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { type Column, findColumn, type Table } from '../../shared/table/column.ts';
import type { AuditLog } from '../audit/index.ts';
import { assertOutputFile, evaluateExpressions, readTableFile, writeTableFile } from '../data/index.ts';
import type { FeatureRoom } from '../features/index.ts';
import type { JobContext } from '../jobs/index.ts';
import type { LoadedModel, ModelMetadata, ModelRegistry } from '../registry/index.ts';
import type { Store } from '../store/index.ts';
import { explainRows } from './explain-rows.ts';
import { type FeatureSource, tableSource } from './feature-source.ts';
import { gatherColumn } from './gather-column.ts';
import { type ScoredRows, type ScoreOptions, scoreBatches } from './score-batches.ts';
import { openInferenceSession } from './session.ts';
import type { InferenceDevice } from './session-messages.ts';

/** No provider for GPUs has the operators of trees. */
export const TREE_FRAMEWORK = 'falaj-gbdt';

export interface InferenceOptions {
  readonly store: Store;
  readonly audit: AuditLog;
  readonly registry: ModelRegistry;
  readonly features: FeatureRoom;
  /** What the machine has, as verified by running. */
  readonly devices: () => Promise<DeviceReport>;
  /** Threads inside one operator; the CPUs this process may use unless said. */
  readonly threads?: number;
}

export interface PredictInput {
  readonly reference: string;
  readonly in: string;
  readonly out: string;
  readonly device: InferenceDevice;
  readonly batch: number;
}

export type ExplainInput = z.output<typeof explainInput>;

export interface PredictResult {
  readonly file: string;
  readonly rows: number;
  readonly latencyMs: ScoredRows['latencyMs'];
  readonly device: InferenceDevice;
}

/** Scores rows with registered models, each in a process of its own. */
export class InferenceRoom {
  readonly #options: InferenceOptions;

  constructor(options: InferenceOptions) {
    this.#options = options;
  }

  /** Scores a file: the same rows in the same order, with the prediction columns added. */
  async predict(context: JobContext, input: PredictInput): Promise<PredictResult> {
    const out = path.resolve(input.out);
    const format = formatOf(out);
    await assertOutputFile(out);
    const model = await this.#options.registry.load({ reference: input.reference });
    await this.#checkDevice(input.device, model.metadata);
    context.progress({ step: 'load', fraction: 0 });
    const table = await readTableFile(path.resolve(input.in));
    context.signal.throwIfAborted();
    const names = predictionNames(model.metadata, table);
    const complete = await this.#withModelColumns(table, model.metadata, context.signal);
    const { scores, latencyMs } = await this.#scoreModel(
      model,
      tableSource(complete, model.metadata.features),
      {
        device: input.device,
        batch: input.batch,
        signal: context.signal,
        onProgress: (fraction, done) =>
          context.progress({ step: 'score', fraction: 0.2 + 0.7 * fraction, done, unit: 'rows' }),
      },
    );
    context.progress({ step: 'write', fraction: 0.9 });
    this.#record('model.predict', model, { rows: table.rows, file: out });
    const columns = [...table.columns, ...predictionColumns(names, scores, model.metadata)];
    await writeTableFile({ rows: table.rows, columns }, out, format);
    return { file: out, rows: table.rows, latencyMs, device: input.device };
  }

  /** What moves the scores of a file's first rows, compared with rows of it that are drawn at random. */
  async explain(context: JobContext, input: ExplainInput): Promise<ModelExplanation> {
    const model = await this.#options.registry.load({ reference: input.reference });
    context.progress({ step: 'load', fraction: 0 });
    const table = await readTableFile(path.resolve(input.in));
    if (table.rows < 2) {
      throw new FalajError('BAD_INPUT', 'There is nothing to compare the row with.', {
        hint: 'Give a file with more rows: each is compared with others of it.',
      });
    }
    const explained = Math.min(input.rows, table.rows);
    const chosen = [...Array(explained).keys(), ...drawnRows(table.rows, input.background, input.seed)];
    const part = {
      rows: chosen.length,
      columns: table.columns.map((column) => gatherColumn(column, chosen)),
    };
    const complete = await this.#withModelColumns(part, model.metadata, context.signal);
    const session = await openInferenceSession({
      model: model.model,
      device: 'cpu',
      ...(this.#options.threads === undefined ? {} : { threads: this.#options.threads }),
      signal: context.signal,
    });
    try {
      const found = await explainRows({
        table: complete,
        explained,
        metadata: model.metadata,
        session,
        seed: input.seed,
        options: {
          batch: DEFAULT_BATCH_ROWS,
          signal: context.signal,
          onRow: (done) =>
            context.progress({ step: 'score', fraction: 0.1 + (0.9 * done) / explained, done, unit: 'rows' }),
        },
      });
      this.#record('model.explain', model, { rows: explained });
      return { model: `${model.name}:${model.version}`, ...found };
    } finally {
      await session.close();
    }
  }

  /** One score per row, or one per class and row, with the batches' latencies. A table must hold every column of the model by name. */
  async score(
    reference: string,
    rows: Table | FeatureSource,
    options: Partial<ScoreOptions> & { readonly device?: InferenceDevice } = {},
  ): Promise<ScoredRows & { readonly model: Omit<LoadedModel, 'model'> }> {
    const device = options.device ?? 'cpu';
    const model = await this.#options.registry.load({ reference });
    await this.#checkDevice(device, model.metadata);
    const source = 'columns' in rows ? tableSource(rows, model.metadata.features) : rows;
    const scored = await this.#scoreModel(model, source, {
      ...options,
      device,
      batch: options.batch ?? DEFAULT_BATCH_ROWS,
    });
    const { model: _bytes, ...facts } = model;
    return { ...scored, model: facts };
  }

  async #scoreModel(
    model: LoadedModel,
    source: FeatureSource,
    options: ScoreOptions & { readonly device: InferenceDevice },
  ): Promise<ScoredRows> {
    const session = await openInferenceSession({
      model: model.model,
      device: options.device,
      ...(this.#options.threads === undefined ? {} : { threads: this.#options.threads }),
      ...(options.signal ? { signal: options.signal } : {}),
    });
    try {
      const { classes } = model.metadata;
      return await scoreBatches(session, source, {
        ...options,
        outputs: classes?.length ?? 1,
      });
    } finally {
      await session.close();
    }
  }

  /** A provider that loads is not enough: the device must have given the CPU's numbers, and must not be software. */
  async #checkDevice(device: InferenceDevice, metadata: ModelMetadata): Promise<void> {
    if (device === 'cpu') return;
    if (metadata.framework === TREE_FRAMEWORK) {
      throw new FalajError(
        'DEVICE_UNAVAILABLE',
        'Tree models run on the CPU only: no GPU provider has them.',
        { hint: 'Run it with --device cpu.' },
      );
    }
    // By runtime, not by the kind of a card: WebGPU computes on cards of every vendor.
    const backend = (await this.#options.devices()).backends.find(({ name }) => name === device);
    if (backend?.available === true) return;
    const reason = backend?.reason ?? 'This platform has no such runtime.';
    throw new FalajError('DEVICE_UNAVAILABLE', `No verified ${device} device: ${reason}`, {
      hint: 'Run it with --device cpu, or see `falaj devices --verify`.',
      details: { device },
    });
  }

  /** Computes what the file lacks and the model's training definition can make: expressions and service features. */
  async #withModelColumns(table: Table, metadata: ModelMetadata, signal: AbortSignal): Promise<Table> {
    const { training } = metadata;
    const missing = new Set(
      metadata.features.map(({ name }) => name).filter((name) => findColumn(table, name) === undefined),
    );
    if (missing.size === 0 || training === null) return table;
    const columns: Column[] = [...table.columns];
    const expressions = training.expressions.filter(({ name }) => missing.has(name));
    if (expressions.length > 0) {
      columns.push(...(await evaluateExpressions(table, expressions)));
      for (const { name } of expressions) missing.delete(name);
    }
    const eventTime = training.entities.eventTime ?? 'event_time';
    if (missing.size > 0 && training.service !== undefined && findColumn(table, eventTime)) {
      const joined = await this.#options.features.join({
        service: training.service,
        spine: table,
        eventTime,
        asKnown: 'row',
        signal,
      });
      columns.push(...joined.filter(({ name }) => missing.has(name)));
    }
    return { rows: table.rows, columns };
  }

  #record(action: string, model: LoadedModel, details: Record<string, string | number>): void {
    const { store, audit } = this.#options;
    store.transaction(() =>
      audit.append({
        action,
        object: `model/${model.name}:${model.version}`,
        details: { digest: model.digest, ...details },
      }),
    );
  }
}

/** Numbers of rows in an order drawn from the seed, at most so many. */
function drawnRows(rows: number, most: number, seed: number): Uint32Array {
  const order = Uint32Array.from({ length: rows }, (_, row) => row);
  shuffle(order, randomIndices(seed));
  return order.subarray(0, most);
}

const DEFAULT_BATCH_ROWS = 16_384;

interface PredictionNames {
  readonly score: string;
  /** The likelier class; classifiers only. */
  readonly decision: string | null;
}

function predictionNames(metadata: ModelMetadata, table: Table): PredictionNames {
  const names =
    metadata.task !== 'regression'
      ? { score: 'probability', decision: 'prediction' }
      : { score: 'prediction', decision: null };
  for (const name of [names.score, names.decision]) {
    if (name !== null && findColumn(table, name)) {
      throw new FalajError('CONFLICT', `The file already has a column ${name}.`, {
        hint: 'Rename it: the prediction is written under that name.',
      });
    }
  }
  return names;
}

function predictionColumns(
  names: PredictionNames,
  scores: Float64Array,
  { classes, threshold = 0.5 }: ModelMetadata,
): Column[] {
  if (names.decision !== null && classes !== undefined)
    return classColumns(names.decision, names.score, scores, classes);
  const columns: Column[] = [{ name: names.score, type: 'float64', validity: null, values: scores }];
  if (names.decision !== null) {
    columns.unshift({
      name: names.decision,
      type: 'int64',
      validity: null,
      values: scores.map((score) => (score >= threshold ? 1 : 0)),
    });
  }
  return columns;
}

/** The likeliest class of each row by its name, and its probability. */
function classColumns(
  decision: string,
  score: string,
  scores: Float64Array,
  classes: readonly string[],
): Column[] {
  const rows = scores.length / classes.length;
  const values = new Uint32Array(rows);
  const chances = new Float64Array(rows);
  for (let row = 0; row < rows; row++)
    for (let one = 0; one < classes.length; one++) {
      const chance = scores[row * classes.length + one]!;
      if (chance <= chances[row]!) continue;
      chances[row] = chance;
      values[row] = one;
    }
  return [
    { name: decision, type: 'string', validity: null, values, dictionary: [...classes] },
    { name: score, type: 'float64', validity: null, values: chances },
  ];
}

function formatOf(file: string): 'csv' | 'tsv' | 'parquet' | 'ndjson' {
  const extension = path.extname(file).slice(1).toLowerCase();
  if (extension === 'csv' || extension === 'tsv' || extension === 'parquet' || extension === 'ndjson')
    return extension;
  if (extension === 'jsonl') return 'ndjson';
  throw new FalajError('UNSUPPORTED_FORMAT', `${path.basename(file)} has no format that can be written.`, {
    hint: 'Name it .parquet, .csv, .tsv or .ndjson.',
  });
}
