import os from 'node:os';
import type { Dataset } from '../../shared/contract/types.ts';
import type { TrainingDefinition } from '../../shared/definitions/training.ts';
import { FalajError } from '../../shared/errors.ts';
import type { Column, Table } from '../../shared/table/column.ts';
import { type DataRoom, evaluateExpressions, takeRows } from '../data/index.ts';
import type { FeatureRoom, SetDescription } from '../features/index.ts';
import { checkPreprocess } from './column-plan.ts';
import { type EncodedRows, type EncodeOptions, encodeRows, learnsNothing } from './encode-rows.ts';
import { isNative } from './fit-encoding.ts';
import { type FoldSet, foldSets } from './fold-sets.ts';
import { priorPredictions } from './group-prior.ts';
import { checkVariation, type LabelValues, labelValues } from './label-values.ts';
import { requiredColumn } from './required-column.ts';
import { weightValues } from './row-weights.ts';
import { sharedFloats } from './shared-floats.ts';
import { type SliceColumn, sliceColumns } from './slice-columns.ts';
import type { RowSplit } from './split-rows.ts';
import { mustHaveTime, type SetTimes, splitTable, timesOf } from './split-table.ts';
import { refuseUnusableFeatures } from './usable-features.ts';

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
  /** Features by which a row sees its own label. */
  readonly ownLabel: readonly string[];
  readonly datasets: readonly Pick<Dataset, 'name' | 'version' | 'digest'>[];
  /** What the set's receipt says of it: each run that learns from the set gets one. */
  readonly description: SetDescription;
  /** Null for a split that is not by time. */
  readonly times: SetTimes | null;
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
  const { features, signal, onProgress } = options;
  const startedAt = performance.now();
  onProgress('load', 0);
  const loaded = await loadRows(definition, options);
  const { dataset, table, eventTime } = loaded;
  const loadMs = performance.now() - startedAt;

  const joinStartedAt = performance.now();
  onProgress('join', 0);
  const { joined, description, ownLabel } = await features.trainingSet({
    definition,
    dataset,
    spine: table,
    eventTime: definition.service === undefined ? null : mustHaveTime(eventTime, definition),
    signal,
    onProgress: (fraction) => onProgress('join', fraction),
  });
  signal.throwIfAborted();
  const joinMs = performance.now() - joinStartedAt;

  const arrangeStartedAt = performance.now();
  const arranged = await arrangeRows(definition, loaded, joined, options);
  return {
    ...arranged,
    datasets: [{ name: dataset.name, version: dataset.version, digest: dataset.digest }],
    description,
    ownLabel,
    timingsMs: { load: loadMs + (performance.now() - arrangeStartedAt), join: joinMs },
  };
}

/** The rows of a training with what is computed of them alone. */
interface LoadedRows {
  readonly dataset: Dataset;
  readonly table: Table;
  readonly eventTime: string | undefined;
  /** The columns of the definition's expressions. */
  readonly computed: readonly Column[];
  readonly label: LabelValues;
}

async function loadRows(
  { entities, expressions, label, task }: TrainingDefinition,
  { data, signal }: AssembleOptions,
): Promise<LoadedRows> {
  const dataset = data.get({ name: entities.dataset });
  const table = await data.load({ name: dataset.name, version: dataset.version });
  signal.throwIfAborted();
  if (table.rows === 0) throw new FalajError('NO_ROWS', `The dataset ${dataset.name} has no rows.`);
  const { column, expression } = label;
  const wanted = [...expressions, ...(expression === undefined ? [] : [{ name: column, expression }])];
  const evaluated = wanted.length === 0 ? [] : await evaluateExpressions(table, wanted);
  const labelColumn = expression === undefined ? requiredColumn(table, column) : evaluated.at(-1)!;
  const values = labelValues(labelColumn, table.rows, task);
  signal.throwIfAborted();
  return {
    dataset,
    table,
    eventTime: entities.eventTime ?? dataset.eventTime ?? undefined,
    computed: evaluated.slice(0, expressions.length),
    label: values,
  };
}

/** Splits the rows, and makes of each part what learners read. */
async function arrangeRows(
  definition: TrainingDefinition,
  { table, eventTime, computed, label }: LoadedRows,
  joined: readonly Column[],
  { signal, onProgress }: AssembleOptions,
): Promise<Omit<TrainingSet, 'datasets' | 'description' | 'ownLabel' | 'timingsMs'>> {
  const split = splitTable(definition, table, eventTime, label.values);
  const { order, folds, ...counts } = split;
  const rows = order.length;
  const testRows = order.subarray(rows - counts.test);
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

  const columns = [...definition.columns.map((name) => requiredColumn(table, name)), ...computed, ...joined];
  refuseUnusableFeatures(columns, definition);
  checkPreprocess(columns, definition);
  const keys = definition.baseline === undefined ? null : requiredColumn(table, definition.baseline.groupBy);
  const slices = sliceColumns(
    definition.evaluate?.slices,
    [...columns, ...table.columns.filter(({ name }) => !columns.some((column) => column.name === name))],
    [...columns, ...(keys === null ? [] : [keys])],
    testRows,
  );
  const weightsOf = (of: Uint32Array): TrainingSet['weights'] =>
    definition.weight === undefined ? null : weightValues(requiredColumn(table, definition.weight), of);
  const weights = weightsOf(order);
  // Each fold is about another set: together they must leave the machine room to work.
  const parts = folds.length + 1;
  const encodeOptions = (done: number, share: number): EncodeOptions => ({
    totalBytes: os.totalmem() / parts,
    signal,
    onProgress: (fraction) => onProgress('arrange', (done + fraction * share) / parts),
  });
  const encoded = await encodeRows(
    columns,
    definition,
    { order, train: counts.train, labels },
    encodeOptions(0, 1),
  );
  const foldsEncoded = await foldSets(
    folds,
    definition,
    { ...encoded, columns, order, labels, weights, labelsOf, weightsOf },
    encodeOptions(1, folds.length),
  );
  return {
    ...encoded,
    folds: foldsEncoded,
    testRows: takeRows({ rows: table.rows, columns }, testRows),
    labels,
    classes: label.classes,
    weights,
    rows,
    split: counts,
    baseline: priorPredictions(keys, labels, label.classes?.length ?? null, split),
    slices,
    times: timesOf(definition, table, eventTime, split),
  };
}
