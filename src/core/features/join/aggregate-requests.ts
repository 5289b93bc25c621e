import type { AggregateFunction, FeatureDefinition } from '../../../shared/definitions/features.ts';
import { type Column, isWideInteger } from '../../../shared/table/column.ts';
import { parseDuration } from '../../../shared/units.ts';
import { isOfText } from '../text-aggregates.ts';
import { isText, nullsAsNaN, numbers } from './time-columns.ts';

/** Features that one sweep over one window computes. */
export interface AggregateRequest {
  /** Null for a count of rows. */
  readonly of: string | null;
  readonly windowMicros: number;
  readonly exclusive: boolean;
  /** Only counts of distinct values, so that whatever tells values apart may stand for them. */
  readonly distinct: boolean;
  readonly features: FeatureDefinition[];
}

/** The windows that features ask for, each with all features that one sweep over it serves. */
export function aggregateRequests(features: readonly FeatureDefinition[]): AggregateRequest[] {
  const requests = new Map<string, AggregateRequest>();
  for (const feature of features) {
    if (feature.aggregate === undefined) continue;
    const { of, window, fn } = feature.aggregate;
    const exclusive = feature.aggregate.exclusive === true;
    const distinct = fn === 'distinct_count';
    const id = JSON.stringify([of, window, exclusive, distinct]);
    const request = requests.get(id) ?? {
      of: of === '*' ? null : of,
      windowMicros: parseDuration(window),
      exclusive,
      distinct,
      features: [],
    };
    request.features.push(feature);
    requests.set(id, request);
  }
  return [...requests.values()];
}

/** One for each feature of a request, in their order. */
export const functionsOf = ({ features }: AggregateRequest): AggregateFunction[] =>
  features.flatMap(({ aggregate }) => (aggregate === undefined ? [] : [aggregate.fn]));

/**
 * Refuses text of which numbers are asked for.
 *
 * @throws TYPE_MISMATCH.
 */
export function checkAggregated(column: Column, request: AggregateRequest): void {
  if (column.type === 'string' && !functionsOf(request).every(isOfText)) throw isText(column.name);
}

/** What the sweep aggregates, NaN for null: numbers as they are, text by its place in the dictionary. */
export function valuesToSweep(column: Column, request: AggregateRequest): Float64Array {
  if (column.type === 'string' && functionsOf(request).every(isOfText))
    return nullsAsNaN(Float64Array.from(column.values), column.validity);
  // Integers beyond 2^53 would fall together as doubles.
  if (request.distinct && isWideInteger(column)) return nullsAsNaN(codesOf(column.values), column.validity);
  return numbers(column);
}

function codesOf(values: BigInt64Array): Float64Array {
  const codes = new Map<bigint, number>();
  return Float64Array.from(values, (value) => {
    const code = codes.get(value) ?? codes.size;
    codes.set(value, code);
    return code;
  });
}

/**
 * What the sweep found as a column: NaN means that there is nothing and becomes null. `last` is the aggregated column,
 * whose text the value may stand for.
 */
export function aggregateColumn(name: string, values: Float64Array, last: Column | null): Column {
  let validity: Uint8Array | null = null;
  for (let row = 0; row < values.length; row++) {
    if (!Number.isNaN(values[row]!)) continue;
    validity ??= new Uint8Array(values.length).fill(1);
    validity[row] = 0;
  }
  if (last?.type !== 'string') return { name, type: 'float64', values, validity };
  return { name, type: 'string', values: new Uint32Array(values), validity, dictionary: last.dictionary };
}
