/** A box of the unit cube in which a tree says the same. */
export interface Leaf {
  readonly low: Float64Array<ArrayBuffer>;
  readonly high: Float64Array<ArrayBuffer>;
  readonly value: number;
}

/**
 * Cuts the unit cube into boxes until each holds points of one value, always where the squared error falls most
 * (L. Breiman et al., Classification and Regression Trees, 1984, chapter 8).
 *
 * @param points by dimension: `points[d][i]` of point i, within 0 and 1.
 * @param values one per point.
 * @param rows the points to learn from; one that occurs twice counts twice.
 */
export function regressionLeaves(
  points: readonly Float64Array[],
  values: Float64Array,
  rows: Int32Array,
): Leaf[] {
  const leaves: Leaf[] = [];
  const low = new Float64Array(points.length);
  const high = new Float64Array(points.length).fill(1);
  const pending = [{ rows, low, high }];
  for (let box = pending.pop(); box !== undefined; box = pending.pop()) {
    const cut = bestCut(points, values, box.rows);
    if (cut === null) {
      leaves.push({ low: box.low, high: box.high, value: mean(values, box.rows) });
      continue;
    }
    const { dimension, at } = cut;
    const column = points[dimension]!;
    pending.push(
      {
        rows: box.rows.filter((row) => column[row]! < at),
        low: box.low,
        high: replaced(box.high, dimension, at),
      },
      {
        rows: box.rows.filter((row) => column[row]! >= at),
        low: replaced(box.low, dimension, at),
        high: box.high,
      },
    );
  }
  return leaves;
}

/** Null where the values are all the same, or the points are. */
function bestCut(
  points: readonly Float64Array[],
  values: Float64Array,
  rows: Int32Array,
): { dimension: number; at: number } | null {
  const total = sum(values, rows);
  const centre = (total * total) / rows.length;
  let best: { dimension: number; at: number } | null = null;
  // What is gained by noise of the last digits is no cut.
  let bestGain = 1e-12 * Math.max(Number.MIN_VALUE, squares(values, rows));
  for (const [dimension, column] of points.entries()) {
    const sorted = rows.toSorted((a, b) => column[a]! - column[b]!);
    let left = 0;
    for (let count = 1; count < sorted.length; count++) {
      const before = sorted[count - 1]!;
      left += values[before]!;
      const [from, to] = [column[before]!, column[sorted[count]!]!];
      if (from === to) continue;
      const right = total - left;
      const gain = (left * left) / count + (right * right) / (sorted.length - count) - centre;
      if (gain > bestGain) [bestGain, best] = [gain, { dimension, at: (from + to) / 2 }];
    }
  }
  return best;
}

const replaced = (
  bounds: Float64Array<ArrayBuffer>,
  dimension: number,
  at: number,
): Float64Array<ArrayBuffer> => bounds.with(dimension, at);

const sum = (values: Float64Array, rows: Int32Array): number =>
  rows.reduce((total, row) => total + values[row]!, 0);
const squares = (values: Float64Array, rows: Int32Array): number =>
  rows.reduce((total, row) => total + values[row]! ** 2, 0);
const mean = (values: Float64Array, rows: Int32Array): number => sum(values, rows) / rows.length;
