// AssemblyScript: the inner loops of the boosted trees, compiled by scripts/build-kernels.mjs.
//
// All pointers are byte addresses in one imported memory. A row is a record [i64 packed gradient][u8 bin × features],
// so a scattered row costs one cache line. A packed gradient is G·2³² + H: the quantised gradient, signed, above the
// quantised hessian, unsigned. Packed values add and subtract as plain 64-bit integers, hence exactly and in any order.
// A histogram has 256 packed sums per feature; sum 255 belongs to the rows whose value is missing.

const MISSING: usize = 255 << 3;
const HISTOGRAM_SHIFT: usize = 11;

/** exp(x) for |x| ≤ 80 to about one unit in the last place: Cephes' expf, range reduction by ln 2 in two parts. */
// @ts-ignore: decorators are AssemblyScript
@inline
function exponential(x: v128): v128 {
  const k = f32x4.nearest(f32x4.mul(x, f32x4.splat(1.44269504)));
  let r = f32x4.sub(x, f32x4.mul(k, f32x4.splat(0.693359375)));
  r = f32x4.sub(r, f32x4.mul(k, f32x4.splat(-2.12194440e-4)));
  let t = f32x4.splat(1.9875691500e-4);
  t = f32x4.add(f32x4.mul(t, r), f32x4.splat(1.3981999507e-3));
  t = f32x4.add(f32x4.mul(t, r), f32x4.splat(8.3334519073e-3));
  t = f32x4.add(f32x4.mul(t, r), f32x4.splat(4.1665795894e-2));
  t = f32x4.add(f32x4.mul(t, r), f32x4.splat(1.6666665459e-1));
  t = f32x4.add(f32x4.mul(t, r), f32x4.splat(5.0000001201e-1));
  t = f32x4.add(f32x4.add(f32x4.mul(f32x4.mul(t, r), r), r), f32x4.splat(1));
  const power = i32x4.shl(i32x4.add(i32x4.trunc_sat_f32x4_s(k), i32x4.splat(127)), 23);
  return f32x4.mul(t, power);
}

/**
 * Log loss: writes p − y per row and leaves [loss sum, Σ|g|, Σh] at `out` (three f64). Rows [0, rows) with rows a
 * multiple of 4; a padding row has score 100 and label 1, which gives gradient, hessian and loss zero.
 */
export function logisticGradients(score: usize, label: usize, gradient: usize, rows: i32, out: usize): void {
  const one = f32x4.splat(1);
  let loss = 0.0;
  let gradients = f64x2.splat(0), hessians = f64x2.splat(0);
  let low = f64x2.splat(1), high = f64x2.splat(1);
  for (let i = 0; i < rows; i += 4) {
    const at = <usize>i << 2;
    const y = v128.load(label + at);
    let x = f32x4.neg(v128.load(score + at));
    x = f32x4.max(f32x4.min(x, f32x4.splat(80)), f32x4.splat(-80));
    const p = f32x4.div(one, f32x4.add(one, exponential(x)));
    const g = f32x4.sub(p, y);
    v128.store(gradient + at, g);
    const a = f32x4.abs(g), h = f32x4.mul(a, f32x4.sub(one, a));
    gradients = f64x2.add(f64x2.add(gradients, f64x2.promote_low_f32x4(a)), f64x2.promote_low_f32x4(upperHalf(a)));
    hessians = f64x2.add(f64x2.add(hessians, f64x2.promote_low_f32x4(h)), f64x2.promote_low_f32x4(upperHalf(h)));
    // the chance given to the true class, kept from zero; eight such factors stay within a double, so one logarithm serves 16 rows
    const chance = f32x4.max(f32x4.sub(one, a), f32x4.splat(1e-30));
    low = f64x2.mul(low, f64x2.promote_low_f32x4(chance));
    high = f64x2.mul(high, f64x2.promote_low_f32x4(upperHalf(chance)));
    if ((i & 28) == 28 || i + 4 >= rows) {
      loss -= Math.log(f64x2.extract_lane(low, 0)) + Math.log(f64x2.extract_lane(low, 1));
      loss -= Math.log(f64x2.extract_lane(high, 0)) + Math.log(f64x2.extract_lane(high, 1));
      low = f64x2.splat(1);
      high = f64x2.splat(1);
    }
  }
  store<f64>(out, loss);
  store<f64>(out, f64x2.extract_lane(gradients, 0) + f64x2.extract_lane(gradients, 1), 8);
  store<f64>(out, f64x2.extract_lane(hessians, 0) + f64x2.extract_lane(hessians, 1), 16);
}

/** Squared error: writes score − label per row and leaves [Σg², Σ|g|] at `out` (two f64). A padding row has score = label. */
export function squaredGradients(score: usize, label: usize, gradient: usize, rows: i32, out: usize): void {
  let squares = f64x2.splat(0), gradients = f64x2.splat(0);
  for (let i = 0; i < rows; i += 4) {
    const at = <usize>i << 2;
    const g = f32x4.sub(v128.load(score + at), v128.load(label + at));
    v128.store(gradient + at, g);
    const low = f64x2.promote_low_f32x4(g), high = f64x2.promote_low_f32x4(upperHalf(g));
    squares = f64x2.add(f64x2.add(squares, f64x2.mul(low, low)), f64x2.mul(high, high));
    gradients = f64x2.add(f64x2.add(gradients, f64x2.abs(low)), f64x2.abs(high));
  }
  store<f64>(out, f64x2.extract_lane(squares, 0) + f64x2.extract_lane(squares, 1));
  store<f64>(out, f64x2.extract_lane(gradients, 0) + f64x2.extract_lane(gradients, 1), 8);
}

// @ts-ignore: decorators are AssemblyScript
@inline
function upperHalf(x: v128): v128 {
  return v128.shuffle<i32>(x, x, 2, 3, 2, 3);
}

/**
 * Packs the gradients of all rows into their records, rounded to the nearest step. The hessian of the logistic loss
 * is |g|(1 − |g|); of the squared error it is the constant 1, one step. Leaves [ΣG, ΣH] at `out` (two f64).
 */
export function quantise(
  gradient: usize, records: usize, stride: usize, rows: i32, logistic: bool, gradientScale: f32, hessianScale: f32, out: usize,
): void {
  let total: i64 = 0;
  const one = f32x4.splat(1);
  for (let i = 0; i < rows; i += 4) {
    const value = v128.load(gradient + (<usize>i << 2));
    const a = f32x4.abs(value);
    const g = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(value, f32x4.splat(gradientScale))));
    const h = logistic
      ? i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(f32x4.mul(a, f32x4.sub(one, a)), f32x4.splat(hessianScale))))
      : i32x4.splat(1);
    const low = i64x2.add(i64x2.shl(i64x2.extend_low_i32x4_s(g), 32), i64x2.extend_low_i32x4_u(h));
    const high = i64x2.add(i64x2.shl(i64x2.extend_high_i32x4_s(g), 32), i64x2.extend_high_i32x4_u(h));
    const record = records + <usize>i * stride;
    const sum = i64x2.add(low, high);
    v128.store64_lane(record, low, 0);
    v128.store64_lane(record + stride, low, 1);
    v128.store64_lane(record + 2 * stride, high, 0);
    v128.store64_lane(record + 3 * stride, high, 1);
    total += i64x2.extract_lane(sum, 0) + i64x2.extract_lane(sum, 1);
  }
  store<f64>(out, <f64>(total >> 32));
  store<f64>(out, <f64>(total & 0xffffffff), 8);
}

/** minuend −= subtrahend, `bytes` a multiple of 32: a sibling's histogram from the parent's. */
export function subtract(minuend: usize, subtrahend: usize, bytes: usize): void {
  for (const end = minuend + bytes; minuend < end; minuend += 32, subtrahend += 32) {
    v128.store(minuend, i64x2.sub(v128.load(minuend), v128.load(subtrahend)));
    v128.store(minuend, i64x2.sub(v128.load(minuend, 16), v128.load(subtrahend, 16)), 16);
  }
}

let bestGain: f64 = 0;
let bestFeature: i32 = -1;
let bestBin: i32 = 0;
let bestMissingLeft: i32 = 0;
let bestLeft: i64 = 0;

/** Tries every threshold of one feature with `before` (the missing rows, or nothing) already on the left. */
function scan(
  sums: usize, feature: i32, bins: i32, before: i64, missingLeft: i32, G: f64, H: f64, l2: f64, leastH: f64,
): void {
  let left = before;
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
    if (gain > bestGain) {
      bestGain = gain;
      bestFeature = feature;
      bestBin = bin;
      bestMissingLeft = missingLeft;
      bestLeft = left;
    }
  }
}

/**
 * The best split over features [from, to) of a leaf with sums G and H, in quantised units. Missing rows are tried on
 * both sides, and against all others. Leaves [gain f64, feature i32 (−1 for none), bin i32, missing left i32,
 * left H u32, left G f64] at `out`.
 */
export function bestSplit(
  histogram: usize, from: i32, to: i32, binCounts: usize, G: f64, H: f64, l2: f64, leastH: f64, out: usize,
): void {
  const unsplit = G * G / (H + l2);
  bestGain = unsplit;
  bestFeature = -1;
  for (let feature = from; feature < to; feature++) {
    const sums = histogram + (<usize>feature << HISTOGRAM_SHIFT);
    const bins = <i32>load<u16>(binCounts + (<usize>feature << 1));
    const missing = load<i64>(sums, MISSING);
    scan(sums, feature, missing ? bins : bins - 1, 0, 0, G, H, l2, leastH);
    if (missing) scan(sums, feature, bins - 1, missing, 1, G, H, l2, leastH);
  }
  store<f64>(out, bestGain - unsplit);
  store<i32>(out, bestFeature, 8);
  store<i32>(out, bestBin, 12);
  store<i32>(out, bestMissingLeft, 16);
  store<u32>(out, <u32>(bestLeft & 0xffffffff), 20);
  store<f64>(out, <f64>(bestLeft >> 32), 24);
}

/**
 * Stable partition of the row numbers [begin, end) by one column of bins, without branches: each row is written to
 * both sides and one side advances. Missing rows (bin 255) go left when `missingLeft` is 1: adding 1 to both sides of the
 * comparison makes 255 wrap to 0. Returns the end of the left side.
 */
export function partition(column: usize, bin: u32, missingLeft: u32, begin: usize, end: usize, scratch: usize): usize {
  const bound = bin + missingLeft;
  let left = begin, right = scratch;
  for (let at = begin; at < end; at += 4) {
    const row = load<u32>(at);
    const step = <usize>(((<u32>load<u8>(column + row) + missingLeft) & 255) <= bound) << 2;
    store<u32>(left, row);
    store<u32>(right, row);
    left += step;
    right += 4 - step;
  }
  memory.copy(left, scratch, right - scratch);
  return left;
}

/** Adds a leaf's value to the scores of its rows. */
export function addToScores(score: usize, begin: usize, end: usize, value: f32): void {
  for (; begin < end; begin += 4) {
    const at = score + (<usize>load<u32>(begin) << 2);
    store<f32>(at, load<f32>(at) + value);
  }
}
