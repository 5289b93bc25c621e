import { rowsInAscendingOrder } from '../arrays/ascending-rows.ts';

/** Pearson's correlation of two columns of finite numbers. NaN when one of them is constant. */
export function pearson(x: Float64Array, y: Float64Array): number {
  let [meanX, meanY, xx, yy, xy] = [0, 0, 0, 0, 0];
  for (let row = 0; row < x.length; row++) {
    const [dx, dy] = [x[row]! - meanX, y[row]! - meanY];
    meanX += dx / (row + 1);
    meanY += dy / (row + 1);
    xx += dx * (x[row]! - meanX);
    yy += dy * (y[row]! - meanY);
    xy += dx * (y[row]! - meanY);
  }
  // The square roots apart, so that large sums do not overflow; clamped, since rounding may pass 1.
  return xx === 0 || yy === 0 ? Number.NaN : Math.max(-1, Math.min(1, xy / Math.sqrt(xx) / Math.sqrt(yy)));
}

/** Spearman's rank correlation: Pearson's of the ranks, ties sharing theirs. */
export const spearman = (x: Float64Array, y: Float64Array): number => pearson(midRanks(x), midRanks(y));

function midRanks(values: Float64Array): Float64Array {
  const order = rowsInAscendingOrder(values);
  const ranks = new Float64Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from + 1;
    while (to < order.length && values[order[to]!] === values[order[from]!]) to++;
    for (let place = from; place < to; place++) ranks[order[place]!] = (from + to - 1) / 2;
    from = to;
  }
  return ranks;
}
