import { FalajError } from '../../shared/errors.ts';
import type { FeatureSource } from './feature-source.ts';
import type { InferenceSession } from './session.ts';
import type { WireTensor } from './tensor.ts';

/** Times of single batches inside the isolated process. */
export interface LatencyFigures {
  readonly p50: number;
  readonly p99: number;
  readonly mean: number;
  readonly batches: number;
}

export interface ScoredRows {
  /** A probability per row for a classifier, else the predicted value; row by row where there are several outputs. */
  readonly scores: Float64Array;
  readonly latencyMs: LatencyFigures;
  /** Version of ONNX Runtime that computed them. */
  readonly runtime: string;
}

export interface ScoreOptions {
  readonly batch: number;
  /** Columns of the model's output that are wanted, from its last; 1 unless said. */
  readonly outputs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (fraction: number, rows: number) => void;
}

/**
 * Sends the rows through the session in batches. While the child works on one batch the next is being encoded: two are
 * on the way at any time, never more.
 */
export async function scoreBatches(
  session: InferenceSession,
  source: FeatureSource,
  options: ScoreOptions,
): Promise<ScoredRows> {
  const outputs = options.outputs ?? 1;
  const scores = new Float64Array(source.rows * outputs);
  const latencies: number[] = [];
  const send = async (from: number, to: number): Promise<void> => {
    const result = await session.run(source.feeds(from, to, session.inputs));
    latencies.push(result.elapsedMs);
    copyScores(result.outputs, to - from, scores.subarray(from * outputs, to * outputs), outputs);
  };

  let onTheWay: Promise<void> = Promise.resolve();
  for (let from = 0; from < source.rows; from += options.batch) {
    options.signal?.throwIfAborted();
    const to = Math.min(source.rows, from + options.batch);
    const next = send(from, to);
    // Watched at once: when the batch before it fails, this one must not end as an unhandled rejection.
    next.catch(() => undefined);
    await onTheWay;
    onTheWay = next;
    options.onProgress?.(from / source.rows, from);
  }
  await onTheWay;
  options.onProgress?.(1, source.rows);
  return { scores, latencyMs: latencyFigures(latencies), runtime: session.runtime };
}

/**
 * Takes the last columns of the model's first float output: the positive class's probability, the one prediction, or the
 * probabilities of all classes.
 */
function copyScores(
  outputs: Readonly<Record<string, WireTensor>>,
  rows: number,
  scores: Float64Array,
  wanted: number,
): void {
  const tensor = Object.values(outputs).find(({ type }) => type === 'float32' || type === 'float64');
  const values = tensor?.data;
  if (
    !(values instanceof Float32Array || values instanceof Float64Array) ||
    values.length === 0 ||
    values.length % rows !== 0 ||
    values.length / rows < wanted
  ) {
    throw new FalajError('CHILD_FAILED', 'The model gave no prediction per row.');
  }
  const width = values.length / rows;
  for (let row = 0; row < rows; row++)
    for (let column = 0; column < wanted; column++)
      scores[row * wanted + column] = values[(row + 1) * width - wanted + column]!;
}

/** Nearest-rank percentiles. */
export function latencyFigures(latenciesMs: readonly number[]): LatencyFigures {
  const sorted = Float64Array.from(latenciesMs).sort();
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  const sum = sorted.reduce((total, value) => total + value, 0);
  return {
    p50: at(0.5),
    p99: at(0.99),
    mean: sorted.length === 0 ? 0 : sum / sorted.length,
    batches: sorted.length,
  };
}
