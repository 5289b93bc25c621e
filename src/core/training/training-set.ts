import os from 'node:os';
import { rowsInAscendingOrder } from '../../numerics/arrays/ascending-rows.ts';
import type { Dataset } from '../../shared/contract/types.ts';
import type { TrainingDefinition } from '../../shared/definitions/training.ts';
import { FalajError } from '../../shared/errors.ts';
import { nearestHint } from '../../shared/nearest-name.ts';
import { type Column, findColumn, isPresent, type Table } from '../../shared/table/column.ts';
import { type DataRoom, evaluateExpressions, takeRows } from '../data/index.ts';
import type { FeatureRoom, SetDescription } from '../features/index.ts';
import { checkPreprocess } from './column-plan.ts';
import { type EncodedRows, encodeRows, learnsNothing } from './encode-rows.ts';
import { isNative } from './fit-encoding.ts';
import { type FoldRows, foldsAtRandom, foldsByGroup, foldsByTime } from './fold-rows.ts';
import { type FoldSet, foldSets } from './fold-sets.ts';
import { fitGroupPrior, predictGroupPrior } from './group-prior.ts';
import { checkVariation, labelValues } from './label-values.ts';
import { sharedFloats } from './shared-floats.ts';
import { type SliceColumn, sliceColumns } from './slice-columns.ts';
import { groupNumbers, type RowSplit, splitAtRandom, splitByGroup, splitByTime } from './split-rows.ts';

/** Everything a learner needs, in shared memory: rows lie in the order train, validation, test. */
export interface TrainingSet extends EncodedRows {
  /** The raw columns of the test rows, in order. */
  readonly testRows: Table;
  readonly labels: Float32Array<SharedArrayBuffer>;
  /** How much each row counts while learning; null where all count the same. */
  readonly weights: Float32Array<SharedArrayBuffer> | null;
  readonly rows: number;
  readonly split: Omit<RowSplit, 'order'>;
  /** Of the training part, where a search judges by folds. */
  readonly folds: readonly FoldSet[];
  /** Names of the label's classes where there may be more than two; labels are their positions. */
  readonly classes: readonly string[] | null;
  /** The trivial model's predictions for the test rows: one a row, or one per class and row. */
  readonly baseline: Float64Array<SharedArrayBuffer>;
  /** Groups of the test rows whose figures are given apart. */
  readonly slices: readonly SliceColumn[];
  readonly datasets: readonly Pick<Dataset, 'name' | 'version' | 'digest'>[];
  /** What the set's receipt says of it: each run that learns from the set gets one. */
  readonly description: SetDescription;
  /** Event times of the test rows' first and last, and of the training rows', in microseconds; null without time. */
  readonly times: {
    readonly trainFrom: number;
    readonly trainTo: number;
    readonly testFrom: number;
    readonly testTo: number;
  } | null;
  readonly timingsMs: { readonly load: number; readonly join: number };
}

export interface AssembleOptions {
  readonly data: DataRoom;
  readonly features: FeatureRoom;
  readonly signal: AbortSignal;
  onProgress(step: 'load' | 'join' | 'arrange', fraction: number): void;
}

/** Whether a set that was made for one definition is what another would make. */
export const suits = (set: TrainingSet, made: TrainingDefinition, other: TrainingDefinition): boolean =>
  rowsKey(made) === rowsKey(other) && (isNative(made) === isNative(other) || learnsNothing(set.features));

/** What decides a set's rows and columns. */
const rowsKey = (definition: TrainingDefinition): string => {
  const { service, columns, expressions, entities, asKnown, label, weight, task, split, baseline, seed } =
    definition;
  const { preprocess } = definition;
  const slices = definition.evaluate?.slices;
  return JSON.stringify([
    service,
    columns,
    expressions,
    entities,
    asKnown,
    label,
    weight,
    task,
    split,
    baseline,
    split.by === 'time' ? 0 : seed,
    slices,
    preprocess,
    definition.tune?.folds,
  ]);
};

/** Loads the entities, computes and joins their features as known at each row's own time, and splits the rows. */
export async function assembleTrainingSet(
  definition: TrainingDefinition,
  options: AssembleOptions,
): Promise<TrainingSet> {
  const { data, signal } = options;
  const startedAt = performance.now();
  options.onProgress('load', 0);
  const dataset = data.get({ name: definition.entities.dataset });
  const table = await data.load({ name: dataset.name, version: dataset.version });
  signal.throwIfAborted();
  if (table.rows === 0) throw new FalajError('NO_ROWS', `The dataset ${dataset.name} has no rows.`);
  const eventTime = definition.entities.eventTime ?? dataset.eventTime ?? undefined;

  const { expression } = definition.label;
  const labelExpression = expression === undefined ? [] : [{ name: definition.label.column, expression }];
  const computed =
    definition.expressions.length + labelExpression.length === 0
      ? []
      : await evaluateExpressions(table, [...definition.expressions, ...labelExpression]);
  const labelColumn = expression === undefined ? required(table, definition.label.column) : computed.pop()!;
  const label = labelValues(labelColumn, table.rows, definition.task);
  signal.throwIfAborted();
  const loadMs = performance.now() - startedAt;

  const joinStartedAt = performance.now();
  options.onProgress('join', 0);
  const { joined, description } = await options.features.trainingSet({
    definition,
    dataset,
    spine: table,
    eventTime: definition.service === undefined ? null : mustHaveTime(eventTime, definition),
    signal,
    onProgress: (fraction) => options.onProgress('join', fraction),
  });
  signal.throwIfAborted();
  const joinMs = performance.now() - joinStartedAt;

  const arrangeStartedAt = performance.now();
  const split = splitRows(definition, table, eventTime, label.values);
  const { order, folds, ...counts } = split;
  const rows = order.length;
  const labelsOf = (of: Uint32Array): TrainingSet['labels'] => {
    const labels = sharedFloats(of.length);
    for (const [position, row] of of.entries()) labels[position] = label.values[row]!;
    return labels;
  };
  const labels = labelsOf(order);
  checkVariation(definition.label.column, [
    { part: 'training part', labels: labels.subarray(0, counts.train) },
    { part: 'test part', labels: labels.subarray(rows - counts.test) },
  ]);

  const columns = [...definition.columns.map((name) => required(table, name)), ...computed, ...joined];
  refuseUnusable(columns, definition);
  checkPreprocess(columns, definition);
  const keys = definition.baseline === undefined ? null : required(table, definition.baseline.groupBy);
  const slices = sliceColumns(
    definition.evaluate?.slices,
    [...columns, ...table.columns.filter(({ name }) => !columns.some((column) => column.name === name))],
    [...columns, ...(keys === null ? [] : [keys])],
    order.subarray(rows - counts.test),
  );
  const trainRows = order.subarray(0, counts.train);
  const weightsOf = (of: Uint32Array): TrainingSet['weights'] =>
    definition.weight === undefined ? null : weightValues(required(table, definition.weight), of);
  const weights = weightsOf(order);
  // Each fold is about another set: together they must leave the machine room to work.
  const parts = folds.length + 1;
  const encoding = { totalBytes: os.totalmem() / parts, signal };
  const encoded = await encodeRows(
    columns,
    definition,
    { order, train: counts.train, labels },
    { ...encoding, onProgress: (fraction) => options.onProgress('arrange', fraction / parts) },
  );
  const foldsEncoded = await foldSets(
    folds,
    definition,
    { ...encoded, columns, order, labels, weights, labelsOf, weightsOf },
    {
      ...encoding,
      onProgress: (fraction) => options.onProgress('arrange', (1 + fraction * folds.length) / parts),
    },
  );

  const outputs = label.classes?.length ?? 1;
  const baseline = new Float64Array(
    new SharedArrayBuffer(counts.test * outputs * Float64Array.BYTES_PER_ELEMENT),
  );
  for (let output = 0; output < outputs; output++) {
    const share = label.classes === null ? labels : labels.map((value) => Number(value === output));
    const prior = fitGroupPrior(keys, share, trainRows);
    const predictions = predictGroupPrior(prior, keys, order.subarray(rows - counts.test));
    for (const [row, value] of predictions.entries()) baseline[row * outputs + output] = value;
  }

  return {
    ...encoded,
    folds: foldsEncoded,
    testRows: takeRows({ rows: table.rows, columns }, order.subarray(rows - counts.test)),
    labels,
    classes: label.classes,
    weights,
    rows,
    split: counts,
    baseline,
    slices,
    datasets: [{ name: dataset.name, version: dataset.version, digest: dataset.digest }],
    description,
    times: timesOf(definition, table, eventTime, split),
    timingsMs: { load: loadMs + (performance.now() - arrangeStartedAt), join: joinMs },
  };
}

/** Rows without a label, or without a time where time decides, take no part. Folds are of the training part alone. */
function splitRows(
  definition: TrainingDefinition,
  table: Table,
  eventTime: string | undefined,
  labels: Float32Array,
): RowSplit & { readonly folds: readonly FoldRows[] } {
  const labelled = (row: number): boolean => !Number.isNaN(labels[row]!);
  const { seed, split: how } = definition;
  const count = definition.tune?.folds ?? 0;
  const withFolds = (split: RowSplit, foldsOf: (training: Uint32Array) => FoldRows[]) => ({
    ...split,
    folds: count === 0 ? [] : foldsOf(split.order.subarray(0, split.train)),
  });
  if (how.by === 'random') {
    const rows = Uint32Array.from({ length: table.rows }, (_, row) => row).filter(labelled);
    return withFolds(splitAtRandom(rows, seed, how), (training) => foldsAtRandom(training, count));
  }
  if (how.by === 'group') {
    const rows = Uint32Array.from({ length: table.rows }, (_, row) => row).filter(labelled);
    // The schema has made sure of the column.
    const groups = groupNumbers(required(table, how.group!));
    return withFolds(splitByGroup(rows, groups, seed, how), (training) =>
      foldsByGroup(training, groups, seed, count),
    );
  }
  const times = timeValues(table, mustHaveTime(eventTime, definition));
  return withFolds(splitByTime(rowsInAscendingOrder(times).filter(labelled), times, how), (training) =>
    foldsByTime(training, times, count),
  );
}

function timesOf(
  definition: TrainingDefinition,
  table: Table,
  eventTime: string | undefined,
  split: RowSplit,
): TrainingSet['times'] {
  if (definition.split.by !== 'time' || eventTime === undefined) return null;
  const times = timeValues(table, eventTime);
  const at = (position: number): number => times[split.order[position]!]!;
  const rows = split.order.length;
  return {
    trainFrom: at(0),
    trainTo: at(split.train - 1),
    testFrom: at(rows - split.test),
    testTo: at(rows - 1),
  };
}

/** Microseconds per row, NaN where missing. */
function timeValues(table: Table, name: string): Float64Array {
  const column = required(table, name);
  if ((column.type !== 'timestamp' && column.type !== 'date') || !(column.values instanceof Float64Array)) {
    throw new FalajError('TYPE_MISMATCH', `The event time ${name} is ${column.type}, not a time.`, {
      details: { column: name },
    });
  }
  const { validity, values } = column;
  return validity === null ? values : values.map((value, row) => (validity[row] === 1 ? value : Number.NaN));
}

function refuseUnusable(columns: readonly Column[], definition: TrainingDefinition): void {
  if (columns.length === 0) {
    throw new FalajError('BAD_DEFINITION', `The training ${definition.name} has no features.`, {
      hint: 'Name a service, columns or expressions.',
    });
  }
  const names = new Set<string>();
  for (const { name } of columns) {
    if (names.has(name))
      throw new FalajError(
        'BAD_DEFINITION',
        `The training ${definition.name} has two features named ${name}.`,
      );
    if (name === definition.label.column) {
      throw new FalajError(
        'BAD_DEFINITION',
        `The training ${definition.name} has its own label among its features.`,
        {
          hint: `Remove ${name} from the features: a model must not see what it predicts.`,
        },
      );
    }
    // The exported graph names its inputs by the features.
    if (['probability', 'probabilities', 'prediction'].includes(name)) {
      throw new FalajError('BAD_DEFINITION', `A feature cannot be called ${name}: the model's output is.`, {
        hint: 'Give it another name by an expression.',
        details: { column: name },
      });
    }
    names.add(name);
  }
}

function required(table: Table, name: string): Column {
  const column = findColumn(table, name);
  if (column) return column;
  const known = table.columns.map((one) => one.name);
  throw new FalajError('UNKNOWN_COLUMN', `There is no column ${name}.`, {
    hint: nearestHint(name, known, `There are: ${known.join(', ')}.`),
    details: { column: name },
  });
}

function mustHaveTime(eventTime: string | undefined, definition: TrainingDefinition): string {
  if (eventTime !== undefined) return eventTime;
  throw new FalajError('BAD_DEFINITION', `The training ${definition.name} needs an event time.`, {
    hint: 'Set entities.eventTime, or import the dataset with --event-time.',
  });
}

/** Refuses what cannot be a weight, naming the column and the row. */
function weightValues(column: Column, order: Uint32Array): Float32Array<SharedArrayBuffer> {
  const weights = sharedFloats(order.length);
  for (let position = 0; position < order.length; position++) {
    const row = order[position]!;
    const weight =
      column.type !== 'string' && isPresent(column, row) ? Number(column.values[row]!) : Number.NaN;
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY))
      throw new FalajError(
        'BAD_INPUT',
        `The weight ${column.name} of row ${row + 1} is no number from 0 up.`,
        {
          hint: 'Fill or correct the column, or leave such rows out.',
          details: { column: column.name, row: row + 1 },
        },
      );
    weights[position] = weight;
  }
  return weights;
}
