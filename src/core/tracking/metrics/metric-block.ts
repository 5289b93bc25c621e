import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { FalajError } from '../../../shared/errors.ts';

/** One measured value. `value` may be NaN or infinite; `at` is in milliseconds since the epoch. */
export interface StoredPoint {
  readonly step: number;
  readonly at: number;
  readonly value: number;
}

/** Points of one block: enough for a compressor, few enough to be decoded for one page of a history. */
export const BLOCK_POINTS = 1024;

/** What is known of a block without decoding it. */
export interface BlockFacts {
  readonly points: number;
  /** No step is lower than the one before it. */
  readonly ascending: boolean;
  readonly minStep: number;
  readonly maxStep: number;
  /** The lowest and the highest finite value in their order; empty when there is none. */
  readonly extremes: readonly StoredPoint[];
  /** Values that are NaN or infinite, in their order; of very many the first. */
  readonly notFinite: readonly StoredPoint[];
}

export interface EncodedBlock extends BlockFacts {
  readonly payload: Buffer;
}

const COLUMNS = 3;
const MOST_NOT_FINITE = 8;

/**
 * Packs points as three columns of 64-bit floats (differences of steps, differences of times, values), compressed: even steps
 * and times then take next to nothing. Steps and times are safe integers, whose differences a float holds exactly up to 2^53.
 */
export function encodeBlock(points: readonly StoredPoint[]): EncodedBlock {
  const columns = new Float64Array(points.length * COLUMNS);
  let before: StoredPoint = { step: 0, at: 0, value: 0 };
  let ascending = true;
  let minStep = points[0]!.step;
  let maxStep = minStep;
  let lowest = -1;
  let highest = -1;
  const notFinite: StoredPoint[] = [];
  for (const [index, point] of points.entries()) {
    columns[index] = point.step - before.step;
    columns[points.length + index] = point.at - before.at;
    columns[2 * points.length + index] = point.value;
    if (index > 0 && point.step < before.step) ascending = false;
    minStep = Math.min(minStep, point.step);
    maxStep = Math.max(maxStep, point.step);
    if (Number.isFinite(point.value)) {
      if (lowest === -1 || point.value < points[lowest]!.value) lowest = index;
      if (highest === -1 || point.value > points[highest]!.value) highest = index;
    } else if (notFinite.length < MOST_NOT_FINITE) notFinite.push(point);
    before = point;
  }
  const extremes = lowest === -1 ? [] : [...new Set([Math.min(lowest, highest), Math.max(lowest, highest)])];
  return {
    points: points.length,
    ascending,
    minStep,
    maxStep,
    extremes: extremes.map((index) => points[index]!),
    notFinite,
    payload: zstdCompressSync(new Uint8Array(columns.buffer)),
  };
}

type StoredFact = readonly [step: number, at: number, value: number | 'NaN' | 'Infinity' | '-Infinity'];

/** What is drawn of a block without decoding it, as text; JSON has no number for values that are not finite. */
export const factsText = ({ extremes, notFinite }: BlockFacts): string =>
  JSON.stringify([
    ...extremes.map(({ step, at, value }) => [step, at, value]),
    ...notFinite.map(({ step, at, value }) => [step, at, String(value)]),
  ]);

/** The reverse of {@link factsText}. */
export function readFacts(text: string): Pick<BlockFacts, 'extremes' | 'notFinite'> {
  const points = (JSON.parse(text) as StoredFact[]).map(([step, at, value]) => ({
    step,
    at,
    value: Number(value),
  }));
  return {
    extremes: points.filter(({ value }) => Number.isFinite(value)),
    notFinite: points.filter(({ value }) => !Number.isFinite(value)),
  };
}

/** @throws STORE_DAMAGED when the bytes do not hold so many points. */
export function decodeBlock(payload: Uint8Array, points: number): StoredPoint[] {
  const bytes = zstdDecompressSync(payload);
  if (bytes.length !== points * COLUMNS * Float64Array.BYTES_PER_ELEMENT)
    throw new FalajError('STORE_DAMAGED', 'A block of a metric does not hold the points that it should.');
  const columns = new Float64Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
  let step = 0;
  let at = 0;
  return Array.from({ length: points }, (_, index) => {
    step += columns[index]!;
    at += columns[points + index]!;
    return { step, at, value: columns[2 * points + index]! };
  });
}
