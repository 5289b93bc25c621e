import { WinnerHeap } from './winner-heap.ts';

/**
 * What a sweep keeps about the facts inside the window. Facts are named by position so that no number is boxed on the
 * way: `add` takes a position in arrival order, `remove` one in event order, `write` a spine row.
 */
export interface WindowAccumulator {
  /** The window is empty; the facts to come are those of this key. */
  reset(key: number): void;
  add(arrival: number): void;
  remove(departure: number): void;
  write(spineRow: number): void;
}

/** The sweep's hand: facts with an event time up to and including `floor[0]` have left the window. */
export type WindowFloor = Float64Array;

export interface MomentOutputs {
  readonly count: Float64Array | null;
  readonly sum: Float64Array | null;
  readonly mean: Float64Array | null;
  readonly stddev: Float64Array | null;
}

const SUM_HIGH = 0;
const SUM_LOW = 1;
const SQUARES_HIGH = 2;
const SQUARES_LOW = 3;
/** Beyond it squares overflow; such values make the standard deviation null while they are in the window. */
const LARGEST_SQUARABLE = 2 ** 500;
/** Variance below this share of the mean square is rounding noise of the 106-bit sums. */
const VARIANCE_NOISE = 2 ** -96;

/**
 * Count, sum, mean and sample standard deviation. Sums are pairs of doubles (106 bits, Dekker 1971), so what is added
 * and later removed leaves nothing behind: whole numbers are exact, and a window that empties starts from zero.
 * Infinities are counted, not added, for they could not be removed.
 */
export class MomentAccumulator implements WindowAccumulator {
  readonly #arrivals: Float64Array | null;
  readonly #departures: Float64Array | null;
  readonly #outputs: MomentOutputs;
  readonly #sums = new Float64Array(4);
  #count = 0;
  #positiveInfinities = 0;
  #negativeInfinities = 0;
  #unsquarable = 0;

  /** Values in arrival and in event order; null counts every fact. */
  constructor(arrivals: Float64Array | null, departures: Float64Array | null, outputs: MomentOutputs) {
    this.#arrivals = arrivals;
    this.#departures = departures;
    this.#outputs = outputs;
  }

  reset(): void {
    this.#sums.fill(0);
    this.#count = 0;
    this.#positiveInfinities = 0;
    this.#negativeInfinities = 0;
    this.#unsquarable = 0;
  }

  add(arrival: number): void {
    if (this.#arrivals === null) this.#count++;
    else this.#change(this.#arrivals[arrival]!, 1);
  }

  remove(departure: number): void {
    if (this.#departures === null) this.#count--;
    else this.#change(this.#departures[departure]!, -1);
  }

  #change(value: number, sign: 1 | -1): void {
    if (Number.isNaN(value)) return;
    this.#count += sign;
    if (this.#count === 0) {
      this.reset();
      return;
    }
    if (value === Number.POSITIVE_INFINITY) this.#positiveInfinities += sign;
    else if (value === Number.NEGATIVE_INFINITY) this.#negativeInfinities += sign;
    else {
      addToPair(this.#sums, SUM_HIGH, sign * value);
      if (this.#outputs.stddev === null) return;
      if (Math.abs(value) > LARGEST_SQUARABLE) this.#unsquarable += sign;
      else addSquareToPair(this.#sums, SQUARES_HIGH, value, sign);
    }
  }

  write(spineRow: number): void {
    const { count, sum, mean, stddev } = this.#outputs;
    if (count !== null) count[spineRow] = this.#count;
    if (sum !== null) sum[spineRow] = this.#count === 0 ? Number.NaN : this.#total();
    if (mean !== null) mean[spineRow] = this.#count === 0 ? Number.NaN : this.#total() / this.#count;
    if (stddev !== null) stddev[spineRow] = this.#deviation();
  }

  #total(): number {
    if (this.#positiveInfinities > 0)
      return this.#negativeInfinities > 0 ? Number.NaN : Number.POSITIVE_INFINITY;
    if (this.#negativeInfinities > 0) return Number.NEGATIVE_INFINITY;
    return this.#sums[SUM_HIGH]! + this.#sums[SUM_LOW]!;
  }

  #deviation(): number {
    const count = this.#count;
    if (count < 2 || this.#unsquarable + this.#positiveInfinities + this.#negativeInfinities > 0)
      return Number.NaN;
    const sums = this.#sums;
    // squares − sum² / count, carried as pairs because the two are almost equal when the spread is small
    const [high, low] = squareOverCount(sums[SUM_HIGH]!, sums[SUM_LOW]!, count);
    const spread = sums[SQUARES_HIGH]! - high + (sums[SQUARES_LOW]! - low);
    return spread <= VARIANCE_NOISE * sums[SQUARES_HIGH]! ? 0 : Math.sqrt(spread / (count - 1));
  }
}

/** Smallest or greatest value: a heap whose expired tops are dropped when met, so `remove` has nothing to do. */
export class ExtremeAccumulator implements WindowAccumulator {
  readonly #values: Float64Array;
  readonly #event: Float64Array;
  readonly #floor: WindowFloor;
  readonly #output: Float64Array;
  readonly #sign: 1 | -1;
  #heap = new Uint32Array(1024);
  #size = 0;

  constructor(
    kind: 'min' | 'max',
    values: Float64Array,
    event: Float64Array,
    floor: WindowFloor,
    output: Float64Array,
  ) {
    this.#sign = kind === 'min' ? 1 : -1;
    this.#values = values;
    this.#event = event;
    this.#floor = floor;
    this.#output = output;
  }

  reset(): void {
    this.#size = 0;
  }

  add(arrival: number): void {
    if (Number.isNaN(this.#values[arrival]!)) return;
    if (this.#size === this.#heap.length) {
      const larger = new Uint32Array(2 * this.#size);
      larger.set(this.#heap);
      this.#heap = larger;
    }
    const heap = this.#heap;
    let place = this.#size++;
    while (place > 0) {
      const parent = (place - 1) >> 1;
      if (!this.#before(arrival, heap[parent]!)) break;
      heap[place] = heap[parent]!;
      place = parent;
    }
    heap[place] = arrival;
  }

  remove(_departure: number): void {
    // expired facts leave when they reach the top
  }

  write(spineRow: number): void {
    const floor = this.#floor[0]!;
    while (this.#size > 0 && this.#event[this.#heap[0]!]! <= floor) this.#dropTop();
    this.#output[spineRow] = this.#size === 0 ? Number.NaN : this.#values[this.#heap[0]!]!;
  }

  #dropTop(): void {
    const heap = this.#heap;
    const last = heap[--this.#size]!;
    const size = this.#size;
    let place = 0;
    for (;;) {
      let child = 2 * place + 1;
      if (child >= size) break;
      if (child + 1 < size && this.#before(heap[child + 1]!, heap[child]!)) child++;
      if (!this.#before(heap[child]!, last)) break;
      heap[place] = heap[child]!;
      place = child;
    }
    heap[place] = last;
  }

  #before(a: number, b: number): boolean {
    return this.#sign * this.#values[a]! < this.#sign * this.#values[b]!;
  }
}

/** The value of the row that wins by the point-in-time rule, null if that row holds null. */
export class LastAccumulator implements WindowAccumulator {
  readonly #values: Float64Array;
  readonly #event: Float64Array;
  readonly #floor: WindowFloor;
  readonly #output: Float64Array;
  readonly #supersedes: (a: number, b: number) => boolean;
  #best = -1;

  constructor(
    values: Float64Array,
    event: Float64Array,
    floor: WindowFloor,
    output: Float64Array,
    supersedes: (a: number, b: number) => boolean,
  ) {
    this.#values = values;
    this.#event = event;
    this.#floor = floor;
    this.#output = output;
    this.#supersedes = supersedes;
  }

  reset(): void {
    this.#best = -1;
  }

  add(arrival: number): void {
    if (this.#best < 0 || this.#supersedes(arrival, this.#best)) this.#best = arrival;
  }

  remove(_departure: number): void {
    // the winner has the greatest event time, so it is the last to leave
  }

  write(spineRow: number): void {
    const inside = this.#best >= 0 && this.#event[this.#best]! > this.#floor[0]!;
    this.#output[spineRow] = inside ? this.#values[this.#best]! : Number.NaN;
  }
}

/** The same where rows end before they leave the window, so that one that lost may win again. */
export class EndingLastAccumulator implements WindowAccumulator {
  readonly #values: Float64Array;
  readonly #leaving: Float64Array;
  readonly #floor: WindowFloor;
  readonly #output: Float64Array;
  readonly #heap: WinnerHeap;

  constructor(
    values: Float64Array,
    /** The event time of each arrival, or an earlier one where it ends before it would leave. */
    leaving: Float64Array,
    floor: WindowFloor,
    output: Float64Array,
    supersedes: (a: number, b: number) => boolean,
  ) {
    this.#values = values;
    this.#leaving = leaving;
    this.#floor = floor;
    this.#output = output;
    this.#heap = new WinnerHeap(supersedes);
  }

  reset(): void {
    this.#heap.clear();
  }

  add(arrival: number): void {
    this.#heap.add(arrival);
  }

  remove(_departure: number): void {
    // what has ended is dropped when it is met
  }

  write(spineRow: number): void {
    const floor = this.#floor[0]!;
    const best = this.#heap.best((arrival) => this.#leaving[arrival]! <= floor);
    this.#output[spineRow] = best === null ? Number.NaN : this.#values[best]!;
  }
}

/** Adds a double to the pair at `at` (Knuth's two-sum, then renormalisation). */
function addToPair(pairs: Float64Array, at: number, value: number): void {
  const high = pairs[at]!;
  const total = high + value;
  const part = total - high;
  const low = pairs[at + 1]! + (high - (total - part) + (value - part));
  const sum = total + low;
  pairs[at] = sum;
  pairs[at + 1] = low - (sum - total);
}

/** Veltkamp's constant: splits a double into two halves of 26 bits whose products are exact. */
const SPLITTER = 2 ** 27 + 1;

function addSquareToPair(pairs: Float64Array, at: number, value: number, sign: 1 | -1): void {
  const square = value * value;
  addToPair(pairs, at, sign * square);
  addToPair(pairs, at, sign * squareError(value, square));
}

/** `value² − square`, exactly. */
function squareError(value: number, square: number): number {
  const scaled = SPLITTER * value;
  const upper = scaled - (scaled - value);
  const lower = value - upper;
  return upper * upper - square + 2 * upper * lower + lower * lower;
}

/** (high + low)² / count as a pair. */
function squareOverCount(high: number, low: number, count: number): readonly [number, number] {
  const square = high * high;
  const rest = squareError(high, square) + 2 * high * low;
  const quotient = square / count;
  const product = quotient * count;
  const error = productError(quotient, count, product);
  return [quotient, (square - product - error + rest) / count];
}

/** `a · b − product`, exactly. */
function productError(a: number, b: number, product: number): number {
  const scaledA = SPLITTER * a;
  const upperA = scaledA - (scaledA - a);
  const lowerA = a - upperA;
  const scaledB = SPLITTER * b;
  const upperB = scaledB - (scaledB - b);
  const lowerB = b - upperB;
  return upperA * upperB - product + upperA * lowerB + lowerA * upperB + lowerA * lowerB;
}
