import { percentileOf } from '../../shared/definitions/aggregates.ts';
import type { AggregateFunction } from '../../shared/definitions/features.ts';
import { FalajError } from '../../shared/errors.ts';
import { takeNumbers } from '../../shared/table/take-values.ts';
import {
  EndingLastAccumulator,
  ExtremeAccumulator,
  LastAccumulator,
  MomentAccumulator,
  type WindowAccumulator,
} from './accumulators.ts';
import type { KeyRuns } from './key-runs.ts';
import { RankedAccumulator, type RankedOutputs, rankWithinKeys } from './ranked-accumulator.ts';
import { type SortedRuns, sortedRuns } from './sorted-runs.ts';
import { supersedes } from './supersedes.ts';
import { buildTimeline, type KeyedHistory, type KeyedSpine, type Timeline } from './timeline.ts';

export interface WindowRequest {
  /** The column to aggregate, in history order, NaN = null; null only for `count`, which then counts rows. */
  readonly values: Float64Array | null;
  readonly windowMicros: number;
  /** Leaves out what happened at exactly the instant asked for. */
  readonly exclusive?: boolean | undefined;
  readonly functions: readonly AggregateFunction[];
}

/** History and spine sorted once, for any number of windows and columns. */
export interface WindowSweep {
  /** One array per function, in spine order. Both counts are 0 where nothing lies in the window, the others are NaN. */
  aggregate(request: WindowRequest): Float64Array[];
}

/** A timeline with the same facts in the order in which they leave a window. */
interface TwoWayTimeline extends Timeline {
  /** Facts may become known after they happened, so that they arrive in another order than they leave. */
  readonly delayed: boolean;
  readonly departures: KeyRuns;
  readonly departureEvent: Float64Array;
  readonly departureUsable: Float64Array;
}

/**
 * Aggregates of a history over `(T − window, T]`, or `(T − window, T)` when exclusive, for every spine row `(key, T)`,
 * using only what was known by the spine's cut-off. Null values are skipped (`count` counts non-null values); `last` is the
 * value of the winning row, which may be null; `stddev` is the sample deviation, null below two values; a percentile
 * between two values is interpolated linearly (`quantile_cont` of DuckDB, the default of numpy).
 *
 * A fact is inside from `max(event, known)` until `event + window`, or until its correction is known, so one sweep in time order per key adds and
 * removes each fact at most once.
 */
export function createWindowSweep(history: KeyedHistory, spine: KeyedSpine): WindowSweep {
  const timelines = new Map<boolean, TwoWayTimeline>();
  const timelineOf = (exclusive: boolean): TwoWayTimeline => {
    const timeline =
      timelines.get(exclusive) ?? twoWay(buildTimeline(history, spine, exclusive), history, spine);
    timelines.set(exclusive, timeline);
    return timeline;
  };

  const aggregate = (request: WindowRequest): Float64Array[] => {
    checkRequest(history, request);
    const { values, windowMicros, functions } = request;
    const {
      keys,
      arrivals,
      usableFrom,
      arrivalEvent,
      questions,
      questionTime,
      delayed,
      departures,
      departureEvent,
      departureUsable,
    } = endingIn(timelineOf(request.exclusive === true), history, windowMicros);
    const floor = new Float64Array(1);
    const outputs = new Map(
      functions.map((name) => [name, new Float64Array(spine.key.length).fill(emptyWindow(name))]),
    );
    const arrivalValues = values === null ? null : takeNumbers(values, arrivals.rows);
    const wins = (a: number, b: number): boolean =>
      supersedes(history.event, history.known, arrivals.rows[a]!, arrivals.rows[b]!);
    const accumulators: WindowAccumulator[] = [];
    if (
      functions.some((name) => name === 'count' || name === 'sum' || name === 'mean' || name === 'stddev')
    ) {
      const departureValues =
        values === null || !delayed ? arrivalValues : takeNumbers(values, departures.rows);
      accumulators.push(
        new MomentAccumulator(arrivalValues, departureValues, {
          count: outputs.get('count') ?? null,
          sum: outputs.get('sum') ?? null,
          mean: outputs.get('mean') ?? null,
          stddev: outputs.get('stddev') ?? null,
        }),
      );
    }
    for (const name of ['min', 'max'] as const) {
      const output = outputs.get(name);
      if (output && arrivalValues) {
        accumulators.push(new ExtremeAccumulator(name, arrivalValues, arrivalEvent, floor, output));
      }
    }
    const last = outputs.get('last');
    if (last && arrivalValues)
      accumulators.push(
        endsEarly(history)
          ? new EndingLastAccumulator(arrivalValues, arrivalEvent, floor, last, wins)
          : new LastAccumulator(arrivalValues, arrivalEvent, floor, last, wins),
      );
    const ranked = rankedOutputs(outputs);
    if (ranked !== null && values !== null) {
      const ranks = rankWithinKeys(history.key, values, keys);
      accumulators.push(new RankedAccumulator(ranks, arrivals.rows, departures.rows, ranked));
    }

    for (let key = 0; key < keys; key++) {
      const lastQuestion = questions.starts[key + 1]!;
      let question = questions.starts[key]!;
      if (question === lastQuestion) continue;
      let arrival = arrivals.starts[key]!;
      const lastArrival = arrivals.starts[key + 1]!;
      let departure = departures.starts[key]!;
      const lastDeparture = departures.starts[key + 1]!;
      for (const accumulator of accumulators) accumulator.reset(key);
      for (; question < lastQuestion; question++) {
        const time = questionTime[question]!;
        floor[0] = time - windowMicros;
        for (; arrival < lastArrival && usableFrom[arrival]! <= time; arrival++) {
          // known only after it had left the window: never inside
          if (delayed && usableFrom[arrival]! - arrivalEvent[arrival]! >= windowMicros) continue;
          for (let a = 0; a < accumulators.length; a++) accumulators[a]!.add(arrival);
        }
        for (; departure < lastDeparture && departureEvent[departure]! <= floor[0]; departure++) {
          if (delayed && departureUsable[departure]! - departureEvent[departure]! >= windowMicros) continue;
          for (let a = 0; a < accumulators.length; a++) accumulators[a]!.remove(departure);
        }
        const spineRow = questions.rows[question]!;
        for (let a = 0; a < accumulators.length; a++) accumulators[a]!.write(spineRow);
      }
    }
    return functions.map((name) => outputs.get(name)!);
  };
  return { aggregate };
}

/** One window over one column: see `createWindowSweep`, which serves several from one sort. */
export function windowAggregates(request: {
  readonly history: KeyedHistory & { readonly values: Float64Array | null };
  readonly spine: KeyedSpine;
  readonly windowMicros: number;
  readonly exclusive?: boolean | undefined;
  readonly functions: readonly AggregateFunction[];
}): Float64Array[] {
  const { history, spine, ...rest } = request;
  return createWindowSweep(history, spine).aggregate({ values: history.values, ...rest });
}

function twoWay(timeline: Timeline, history: KeyedHistory, spine: KeyedSpine): TwoWayTimeline {
  const { arrivals, arrivalEvent, usableFrom, usable, keys } = timeline;
  const delayed = spine.knownCut === 'row' && usable !== history.event;
  if (!delayed) {
    return {
      ...timeline,
      delayed,
      departures: arrivals,
      departureEvent: arrivalEvent,
      departureUsable: usableFrom,
    };
  }
  const departures = departuresOf(history, arrivals, keys);
  return {
    ...timeline,
    delayed,
    departures,
    departureEvent: departures.values,
    departureUsable: takeNumbers(usable, departures.rows),
  };
}

/** The same facts as the arrivals, by key and event time. */
function departuresOf(history: KeyedHistory, arrivals: KeyRuns, keys: number): SortedRuns {
  const arriving = new Float64Array(history.event.length).fill(Number.NaN);
  for (let i = 0; i < arrivals.rows.length; i++) {
    const row = arrivals.rows[i]!;
    arriving[row] = history.event[row]!;
  }
  return sortedRuns(history.key, arriving, keys);
}

const endsEarly = ({ until }: KeyedHistory): boolean => until !== undefined && until !== null;

/**
 * The timeline of a window out of which facts go when they end, if that is before their time: as if they had happened
 * earlier by as much, which changes nothing else that is asked of these times.
 */
function endingIn(timeline: TwoWayTimeline, history: KeyedHistory, windowMicros: number): TwoWayTimeline {
  const { until, event } = history;
  if (!timeline.delayed || until === undefined || until === null) return timeline;
  const leaving = event.map((time, row) => Math.min(time, until[row]! - windowMicros));
  const departures = departuresOf({ ...history, event: leaving }, timeline.arrivals, timeline.keys);
  return {
    ...timeline,
    arrivalEvent: takeNumbers(leaving, timeline.arrivals.rows),
    departures,
    departureEvent: takeNumbers(leaving, departures.rows),
    departureUsable: takeNumbers(timeline.usable, departures.rows),
  };
}

function rankedOutputs(outputs: ReadonlyMap<AggregateFunction, Float64Array>): RankedOutputs | null {
  const distinct = outputs.get('distinct_count') ?? null;
  const percentiles = [...outputs].flatMap(([name, output]) => {
    const hundredths = percentileOf(name);
    return hundredths === null ? [] : [{ hundredths, output }];
  });
  return distinct === null && percentiles.length === 0 ? null : { distinct, percentiles };
}

/** What a function gives for a row whose window is empty. */
export const emptyWindow = (name: AggregateFunction): number =>
  name === 'count' || name === 'distinct_count' ? 0 : Number.NaN;

function checkRequest(history: KeyedHistory, request: WindowRequest): void {
  if (!(request.windowMicros > 0)) {
    throw new FalajError('BAD_INPUT', 'A window must be longer than zero.', {
      hint: 'Write a length such as 24h.',
    });
  }
  if (request.values === null && request.functions.some((name) => name !== 'count')) {
    throw new FalajError('BAD_INPUT', 'Only count works without a column.');
  }
  if (request.values !== null && request.values.length !== history.key.length) {
    throw new FalajError('BAD_INPUT', 'The aggregated column must have one value per history row.');
  }
}
