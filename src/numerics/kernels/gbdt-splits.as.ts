// AssemblyScript: histogram arithmetic and the search for splits, compiled by scripts/build-kernels.mjs.
//
// A histogram has 256 packed sums per feature: G·2³² + H, the quantised gradient, signed, above the quantised hessian,
// unsigned. Packed values add and subtract as plain 64-bit integers, hence exactly and in any order. Sum 255 belongs to the
// rows whose value is missing.
//
// A feature is described by 8 bytes: bins u16, is categorical u8, monotone i8, may be used u8. The leaf and the limits are
// twelve f64: G, H, least H of a side, L1, L2, lowest and highest leaf value, whether to heed L1 and these two, then for
// categories: smoothing, further L2, least H of a group, least H of a category. All in quantised units.
// The answer: gain f64, feature i32 (−1 for none), bin i32, missing left i32, (4 bytes), packed left sums i64, and for a
// categorical feature the 256 bits of the bins that go left.

const MISSING: usize = 255 << 3;
const HISTOGRAM_SHIFT: usize = 11;
const MOST_LEFT_CATEGORIES: i32 = 32;
const FEW_CATEGORIES: i32 = 4;

/** Sets a histogram to zero. */
export function clear(histogram: usize, bytes: usize): void {
  memory.fill(histogram, 0, bytes);
}

/** minuend −= subtrahend, `bytes` a multiple of 32: a sibling's histogram from the parent's. */
export function subtract(minuend: usize, subtrahend: usize, bytes: usize): void {
  for (const end = minuend + bytes; minuend < end; minuend += 32, subtrahend += 32) {
    v128.store(minuend, i64x2.sub(v128.load(minuend), v128.load(subtrahend)));
    v128.store(minuend, i64x2.sub(v128.load(minuend, 16), v128.load(subtrahend, 16)), 16);
  }
}

/** target += addend, `bytes` a multiple of 32: what another thread summed. */
export function add(target: usize, addend: usize, bytes: usize): void {
  for (const end = target + bytes; target < end; target += 32, addend += 32) {
    v128.store(target, i64x2.add(v128.load(target), v128.load(addend)));
    v128.store(target, i64x2.add(v128.load(target, 16), v128.load(addend, 16)), 16);
  }
}

let G: f64 = 0, H: f64 = 0, leastH: f64 = 0, l1: f64 = 0, l2: f64 = 0, lower: f64 = 0, upper: f64 = 0;
let bestGain: f64 = 0, bestFeature: i32 = -1, bestBin: i32 = 0, bestMissingLeft: i32 = 0, bestLeft: i64 = 0;

@inline
function softened(g: f64): f64 {
  const rest = Math.abs(g) - l1;
  return rest <= 0 ? 0 : g < 0 ? -rest : rest;
}

/** The value a leaf would get, in quantised units. */
@inline
function valueOf(g: f64, h: f64, ridge: f64): f64 {
  return Math.max(lower, Math.min(upper, -softened(g) / (h + ridge)));
}

/** Twice the loss that a leaf takes off when it gets this value. */
@inline
function reduction(g: f64, h: f64, ridge: f64, value: f64): f64 {
  return -(2 * softened(g) + (h + ridge) * value) * value;
}

function keep(gain: f64, feature: i32, bin: i32, missingLeft: i32, left: i64): void {
  bestGain = gain;
  bestFeature = feature;
  bestBin = bin;
  bestMissingLeft = missingLeft;
  bestLeft = left;
}

/** Tries every threshold of one feature with `left` (the missing rows, or nothing) already on the left. */
function scan(sums: usize, feature: i32, bins: i32, left: i64, missingLeft: i32): void {
  const mostH = H - leastH;
  for (let bin = 0; bin < bins; bin++, sums += 8) {
    const sum = load<i64>(sums);
    if (!sum) continue;
    left += sum;
    const leftH = <f64>(left & 0xffffffff);
    if (leftH < leastH) continue;
    if (leftH > mostH) break;
    const leftG = <f64>(left >> 32);
    const both = f64x2(leftG, G - leftG);
    const scores = f64x2.div(f64x2.mul(both, both), f64x2(leftH + l2, H - leftH + l2));
    const gain = f64x2.extract_lane(scores, 0) + f64x2.extract_lane(scores, 1);
    if (gain > bestGain) keep(gain, feature, bin, missingLeft, left);
  }
}

/** The same with L1, bounds on the leaves' values and a direction in which they must not fall (or rise). */
function scanConstrained(sums: usize, feature: i32, bins: i32, left: i64, missingLeft: i32, monotone: i32): void {
  const mostH = H - leastH;
  for (let bin = 0; bin < bins; bin++, sums += 8) {
    const sum = load<i64>(sums);
    if (!sum) continue;
    left += sum;
    const leftH = <f64>(left & 0xffffffff);
    if (leftH < leastH) continue;
    if (leftH > mostH) break;
    const leftG = <f64>(left >> 32), rightG = G - leftG, rightH = H - leftH;
    const leftValue = valueOf(leftG, leftH, l2), rightValue = valueOf(rightG, rightH, l2);
    if (monotone > 0 ? leftValue > rightValue : monotone < 0 && leftValue < rightValue) continue;
    const gain = reduction(leftG, leftH, l2, leftValue) + reduction(rightG, rightH, l2, rightValue);
    if (gain > bestGain) keep(gain, feature, bin, missingLeft, left);
  }
}

/** Orders the `count` bins (u16 at `order`) by their ratios (f64 per bin at `ratios`), equal ones by number: Shell's sort. */
function sortBins(order: usize, ratios: usize, count: i32): void {
  for (let gap = count > 57 ? 57 : count > 23 ? 23 : count > 10 ? 10 : count > 4 ? 4 : 1; gap > 0; gap = gap > 23 ? 23 : gap > 10 ? 10 : gap > 4 ? 4 : gap > 1 ? 1 : 0) {
    for (let i = gap; i < count; i++) {
      const bin = load<u16>(order + (<usize>i << 1));
      const ratio = load<f64>(ratios + (<usize>bin << 3));
      let j = i;
      for (; j >= gap; j -= gap) {
        const other = load<u16>(order + (<usize>(j - gap) << 1));
        const otherRatio = load<f64>(ratios + (<usize>other << 3));
        if (otherRatio < ratio || (otherRatio == ratio && other < bin)) break;
        store<u16>(order + (<usize>j << 1), other);
      }
      store<u16>(order + (<usize>j << 1), bin);
    }
  }
}

@inline
function setBit(set: usize, bin: u32): void {
  const at = set + (bin >> 3);
  store<u8>(at, load<u8>(at) | (<u8>1 << <u8>(bin & 7)));
}

/**
 * The best set of categories to go left (Fisher 1958; as in Ke et al. 2017): categories in the order of their smoothed
 * ratios G/(H + smoothing), cut from either end, at most 32 of them. Few categories are tried one against the rest.
 * The missing rows are a category of their own; the bin after the last, of rare and unknown categories, never goes left.
 */
function scanCategories(sums: usize, feature: i32, bins: i32, leaf: usize, scratch: usize, set: usize): void {
  const smoothing = load<f64>(leaf, 64), groupH = load<f64>(leaf, 80), categoryH = load<f64>(leaf, 88);
  const ridge = l2 + load<f64>(leaf, 72);
  const order = scratch, ratios = scratch + 512;
  let used = 0;
  const single = bins <= FEW_CATEGORIES;
  for (let bin = 0; bin < 256; bin = bin + 1 < bins ? bin + 1 : bin < 255 ? 255 : 256) {
    if (bin >= bins && bin != 255) continue;
    const sum = load<i64>(sums + (<usize>bin << 3)), h = <f64>(sum & 0xffffffff);
    if (!sum) continue;
    if (single) {
      const g = <f64>(sum >> 32), restG = G - g, restH = H - h;
      if (h < leastH || restH < leastH) continue;
      const gain = reduction(g, h, l2, valueOf(g, h, l2)) + reduction(restG, restH, l2, valueOf(restG, restH, l2));
      if (gain <= bestGain) continue;
      keep(gain, feature, 1, 0, sum);
      memory.fill(set, 0, 32);
      setBit(set, bin);
      continue;
    }
    if (h < categoryH) continue;
    store<u16>(order + (<usize>used << 1), <u16>bin);
    store<f64>(ratios + (<usize>bin << 3), <f64>(sum >> 32) / (h + smoothing));
    used++;
  }
  if (single || used == 0) return;
  sortBins(order, ratios, used);
  const most = min(MOST_LEFT_CATEGORIES, (used + 1) >> 1);
  for (let direction = 0; direction < 2; direction++) {
    let left: i64 = 0, sinceH = 0.0;
    for (let i = 0; i < most; i++) {
      const bin = load<u16>(order + (<usize>(direction ? used - 1 - i : i) << 1));
      const sum = load<i64>(sums + (<usize>bin << 3));
      left += sum;
      sinceH += <f64>(sum & 0xffffffff);
      const leftH = <f64>(left & 0xffffffff), rightH = H - leftH;
      if (leftH < leastH) continue;
      if (rightH < leastH || rightH < groupH) break;
      if (sinceH < groupH) continue;
      sinceH = 0;
      const leftG = <f64>(left >> 32), rightG = G - leftG;
      const gain =
        reduction(leftG, leftH, ridge, valueOf(leftG, leftH, ridge)) +
        reduction(rightG, rightH, ridge, valueOf(rightG, rightH, ridge));
      if (gain <= bestGain) continue;
      keep(gain, feature, i + 1, 0, left);
      memory.fill(set, 0, 32);
      for (let j = 0; j <= i; j++) setBit(set, load<u16>(order + (<usize>(direction ? used - 1 - j : j) << 1)));
    }
  }
}

/** The best split over features [from, to) of a leaf. Missing rows are tried on both sides, and against all others. `scratch` is 2,560 bytes. */
export function bestSplit(histogram: usize, from: i32, to: i32, features: usize, leaf: usize, scratch: usize, out: usize): void {
  G = load<f64>(leaf);
  H = load<f64>(leaf, 8);
  leastH = load<f64>(leaf, 16);
  l1 = load<f64>(leaf, 24);
  l2 = load<f64>(leaf, 32);
  lower = load<f64>(leaf, 40);
  upper = load<f64>(leaf, 48);
  const constrained = load<f64>(leaf, 56) != 0;
  const unsplit = constrained ? reduction(G, H, l2, valueOf(G, H, l2)) : G * G / (H + l2);
  // Splits that change nothing must not win by the rounding of their last digit.
  bestGain = unsplit + 1e-12 * Math.abs(unsplit);
  bestFeature = -1;
  for (let feature = from; feature < to; feature++) {
    const about = features + (<usize>feature << 3);
    if (!load<u8>(about, 4)) continue;
    const sums = histogram + (<usize>feature << HISTOGRAM_SHIFT);
    const bins = <i32>load<u16>(about);
    if (load<u8>(about, 2)) {
      scanCategories(sums, feature, bins, leaf, scratch, out + 32);
      continue;
    }
    const missing = load<i64>(sums, MISSING);
    if (constrained) {
      const monotone = <i32>load<i8>(about, 3);
      // A constrained feature's missing values have no place in its order: they are kept out of splits of their own.
      scanConstrained(sums, feature, missing && !monotone ? bins : bins - 1, 0, 0, monotone);
      if (missing) scanConstrained(sums, feature, bins - 1, missing, 1, monotone);
    } else {
      scan(sums, feature, missing ? bins : bins - 1, 0, 0);
      if (missing) scan(sums, feature, bins - 1, missing, 1);
    }
    // Where no value was missing, a missing value follows the larger side.
    if (!missing && bestFeature == feature) bestMissingLeft = <i32>(2 * <f64>(bestLeft & 0xffffffff) >= H);
  }
  store<f64>(out, bestGain - unsplit);
  store<i32>(out, bestFeature, 8);
  store<i32>(out, bestBin, 12);
  store<i32>(out, bestMissingLeft, 16);
  store<i64>(out, bestLeft, 24);
}
