// AssemblyScript: gradients of the boosted trees' objectives, compiled by scripts/build-kernels.mjs.
//
// All pointers are byte addresses in one imported memory; scores, labels, weights, gradients and hessians are float32,
// one per row. A kernel works on a block of rows that starts at a multiple of four and may write up to three rows past its
// end (padding). `weight` is 0 where all rows weigh 1. Each leaves [Σ loss, Σ|g|, Σh] of the block at `out`
// (three f64), added up in the same order whoever calls it.

/** exp(x) for |x| ≤ 80 to about one unit in the last place: Cephes' expf, range reduction by ln 2 in two parts. */
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

@inline
function upperHalf(x: v128): v128 {
  return v128.shuffle<i32>(x, x, 2, 3, 2, 3);
}

/** Weights of four rows; rows past the end of the block weigh nothing. */
@inline
function weights(weight: usize, at: usize, left: i32): v128 {
  const w = weight ? v128.load(weight + at) : f32x4.splat(1);
  if (left >= 4) return w;
  return v128.and(w, i32x4.lt_s(i32x4(0, 1, 2, 3), i32x4.splat(left)));
}

@inline
function total(x: v128): f64 {
  return f64x2.extract_lane(x, 0) + f64x2.extract_lane(x, 1);
}

@inline
function wide(sum: v128, x: v128): v128 {
  return f64x2.add(f64x2.add(sum, f64x2.promote_low_f32x4(x)), f64x2.promote_low_f32x4(upperHalf(x)));
}

@inline
function report(out: usize, loss: f64, gradients: v128, hessians: v128): void {
  store<f64>(out, loss);
  store<f64>(out, total(gradients), 8);
  store<f64>(out, total(hessians), 16);
}

/**
 * Log loss of labels 0 and 1: g = w(p − y), h = w·p(1 − p). Without weights the hessian is left to `quantise`, which knows
 * that it is |g|(1 − |g|).
 */
export function logistic(score: usize, label: usize, weight: usize, gradient: usize, hessian: usize, rows: i32, out: usize): void {
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
    let g = f32x4.sub(p, y);
    // the chance given to the true class, kept from zero
    let chance = f32x4.max(f32x4.sub(one, f32x4.abs(g)), f32x4.splat(1e-30));
    if (weight || rows - i < 4) {
      const w = weights(weight, at, rows - i);
      const h = f32x4.mul(f32x4.mul(f32x4.abs(g), f32x4.sub(one, f32x4.abs(g))), w);
      loss -= <f64>f32x4.extract_lane(w, 0) * Math.log(<f64>f32x4.extract_lane(chance, 0));
      loss -= <f64>f32x4.extract_lane(w, 1) * Math.log(<f64>f32x4.extract_lane(chance, 1));
      loss -= <f64>f32x4.extract_lane(w, 2) * Math.log(<f64>f32x4.extract_lane(chance, 2));
      loss -= <f64>f32x4.extract_lane(w, 3) * Math.log(<f64>f32x4.extract_lane(chance, 3));
      g = f32x4.mul(g, w);
      if (hessian) v128.store(hessian + at, h);
      gradients = wide(gradients, f32x4.abs(g));
      hessians = wide(hessians, h);
      chance = one;
    } else {
      const a = f32x4.abs(g);
      gradients = wide(gradients, a);
      hessians = wide(hessians, f32x4.mul(a, f32x4.sub(one, a)));
    }
    v128.store(gradient + at, g);
    // eight such factors stay within a double, so that one logarithm serves 16 rows
    low = f64x2.mul(low, f64x2.promote_low_f32x4(chance));
    high = f64x2.mul(high, f64x2.promote_low_f32x4(upperHalf(chance)));
    if ((i & 28) == 28 || i + 4 >= rows) {
      loss -= Math.log(f64x2.extract_lane(low, 0)) + Math.log(f64x2.extract_lane(low, 1));
      loss -= Math.log(f64x2.extract_lane(high, 0)) + Math.log(f64x2.extract_lane(high, 1));
      low = f64x2.splat(1);
      high = f64x2.splat(1);
    }
  }
  report(out, loss, gradients, hessians);
}

/**
 * Cross entropy over `classes` labels 0, 1, …: g = w(p − [y = k]), h = w·p(1 − p)·classes/(classes − 1), the curvature of
 * the symmetric form (Friedman 2001, algorithm 6). Scores, gradients and hessians of class k lie k · `stride` bytes
 * further. Leaves [Σ loss, (Σ|g|, Σh) of each class].
 */
export function softmax(
  score: usize, label: usize, weight: usize, gradient: usize, hessian: usize, rows: i32, out: usize, classes: i32, stride: usize,
): void {
  memory.fill(out, 0, <usize>(1 + 2 * classes) << 3);
  const factor = f32x4.splat(<f32>classes / <f32>(classes - 1));
  const one = f32x4.splat(1);
  let loss = 0.0;
  for (let i = 0; i < rows; i += 4) {
    const at = <usize>i << 2;
    const w = weights(weight, at, rows - i), y = v128.load(label + at);
    let most = v128.load(score + at);
    for (let k = 1; k < classes; k++) most = f32x4.max(most, v128.load(score + at + <usize>k * stride));
    let sum = f32x4.splat(0), own = f32x4.splat(0);
    for (let k = 0; k < classes; k++) {
      const e = exponential(f32x4.max(f32x4.sub(v128.load(score + at + <usize>k * stride), most), f32x4.splat(-80)));
      v128.store(gradient + at + <usize>k * stride, e);
      sum = f32x4.add(sum, e);
      own = v128.bitselect(e, own, f32x4.eq(y, f32x4.splat(<f32>k)));
    }
    const chance = f32x4.max(f32x4.div(own, sum), f32x4.splat(1e-30));
    loss -= <f64>f32x4.extract_lane(w, 0) * Math.log(<f64>f32x4.extract_lane(chance, 0));
    loss -= <f64>f32x4.extract_lane(w, 1) * Math.log(<f64>f32x4.extract_lane(chance, 1));
    loss -= <f64>f32x4.extract_lane(w, 2) * Math.log(<f64>f32x4.extract_lane(chance, 2));
    loss -= <f64>f32x4.extract_lane(w, 3) * Math.log(<f64>f32x4.extract_lane(chance, 3));
    for (let k = 0; k < classes; k++) {
      const place = at + <usize>k * stride;
      const p = f32x4.div(v128.load(gradient + place), sum);
      const hit = v128.and(one, f32x4.eq(y, f32x4.splat(<f32>k)));
      const g = f32x4.mul(f32x4.sub(p, hit), w);
      const h = f32x4.mul(f32x4.mul(f32x4.mul(p, f32x4.sub(one, p)), factor), w);
      v128.store(gradient + place, g);
      v128.store(hessian + place, h);
      const sums = out + 8 + (<usize>k << 4);
      store<f64>(sums, load<f64>(sums) + total(wide(f64x2.splat(0), f32x4.abs(g))));
      store<f64>(sums, load<f64>(sums, 8) + total(wide(f64x2.splat(0), h)), 8);
    }
  }
  store<f64>(out, loss);
}

/** Half the squared error is minimised, the squared error reported: g = w(s − y), h = w. */
export function squared(score: usize, label: usize, weight: usize, gradient: usize, hessian: usize, rows: i32, out: usize): void {
  let squares = f64x2.splat(0), gradients = f64x2.splat(0), hessians = f64x2.splat(0);
  for (let i = 0; i < rows; i += 4) {
    const at = <usize>i << 2;
    const w = weights(weight, at, rows - i);
    const error = f32x4.sub(v128.load(score + at), v128.load(label + at));
    const low = f64x2.promote_low_f32x4(error), high = f64x2.promote_low_f32x4(upperHalf(error));
    squares = f64x2.add(squares, f64x2.mul(f64x2.mul(low, low), f64x2.promote_low_f32x4(w)));
    squares = f64x2.add(squares, f64x2.mul(f64x2.mul(high, high), f64x2.promote_low_f32x4(upperHalf(w))));
    const g = f32x4.mul(error, w);
    v128.store(gradient + at, g);
    if (hessian) v128.store(hessian + at, w);
    gradients = wide(gradients, f32x4.abs(g));
    hessians = wide(hessians, w);
  }
  report(out, total(squares), gradients, hessians);
}

/** The pinball loss of one quantile: g = w(1 − α) above the label, −wα below, 0 on it; h = w. Half of it at α = ½ is the absolute error. */
export function pinball(
  score: usize, label: usize, weight: usize, gradient: usize, hessian: usize, rows: i32, out: usize, alpha: f32,
): void {
  let losses = f64x2.splat(0), gradients = f64x2.splat(0), hessians = f64x2.splat(0);
  const zero = f32x4.splat(0);
  for (let i = 0; i < rows; i += 4) {
    const at = <usize>i << 2;
    const w = weights(weight, at, rows - i);
    const error = f32x4.sub(v128.load(score + at), v128.load(label + at));
    const above = v128.and(f32x4.gt(error, zero), f32x4.splat(1 - alpha));
    const slope = f32x4.sub(above, v128.and(f32x4.lt(error, zero), f32x4.splat(alpha)));
    const g = f32x4.mul(slope, w);
    v128.store(gradient + at, g);
    if (hessian) v128.store(hessian + at, w);
    // a row past the end may hold anything, and 0 × NaN is NaN
    losses = wide(losses, v128.and(f32x4.mul(error, g), f32x4.ne(w, zero)));
    gradients = wide(gradients, f32x4.abs(g));
    hessians = wide(hessians, w);
  }
  report(out, total(losses), gradients, hessians);
}

/** Huber's loss: squared within `delta` of the label, linear beyond: g = w·clamp(s − y, ±δ), h = w. */
export function huber(
  score: usize, label: usize, weight: usize, gradient: usize, hessian: usize, rows: i32, out: usize, delta: f32,
): void {
  let losses = f64x2.splat(0), gradients = f64x2.splat(0), hessians = f64x2.splat(0);
  const most = f32x4.splat(delta);
  for (let i = 0; i < rows; i += 4) {
    const at = <usize>i << 2;
    const w = weights(weight, at, rows - i);
    const error = f32x4.sub(v128.load(score + at), v128.load(label + at));
    const clamped = f32x4.max(f32x4.min(error, most), f32x4.neg(most));
    const g = f32x4.mul(clamped, w);
    v128.store(gradient + at, g);
    if (hessian) v128.store(hessian + at, w);
    // c(e − c/2) is e²/2 within delta and δ(|e| − δ/2) beyond
    const loss = f32x4.mul(g, f32x4.sub(error, f32x4.mul(clamped, f32x4.splat(0.5))));
    losses = wide(losses, v128.and(loss, f32x4.ne(w, f32x4.splat(0))));
    gradients = wide(gradients, f32x4.abs(g));
    hessians = wide(hessians, w);
  }
  report(out, total(losses), gradients, hessians);
}

/**
 * Poisson deviance up to a constant, with the logarithm as link: loss = w(eˢ − ys), g = w(eˢ − y), h = w·eˢ·`safety`;
 * a safety above 1 keeps steps from overshooting where e^s rises steeply.
 */
export function poisson(
  score: usize, label: usize, weight: usize, gradient: usize, hessian: usize, rows: i32, out: usize, safety: f32,
): void {
  let losses = f64x2.splat(0), gradients = f64x2.splat(0), hessians = f64x2.splat(0);
  for (let i = 0; i < rows; i += 4) {
    const at = <usize>i << 2;
    const w = weights(weight, at, rows - i);
    const s = f32x4.max(f32x4.min(v128.load(score + at), f32x4.splat(80)), f32x4.splat(-80)), y = v128.load(label + at);
    const mean = exponential(s);
    const g = f32x4.mul(f32x4.sub(mean, y), w), h = f32x4.mul(f32x4.mul(mean, f32x4.splat(safety)), w);
    v128.store(gradient + at, g);
    v128.store(hessian + at, h);
    losses = wide(losses, v128.and(f32x4.mul(f32x4.sub(mean, f32x4.mul(y, s)), w), f32x4.ne(w, f32x4.splat(0))));
    gradients = wide(gradients, f32x4.abs(g));
    hessians = wide(hessians, h);
  }
  report(out, total(losses), gradients, hessians);
}

/**
 * Packs gradients and hessians into the records of `rows` rows (a multiple of 4; the padding's records are there too),
 * rounded to the nearest step: G·2³² + H. Without `hessian` it is |g|(1 − |g|) when `isLogistic`, else one step.
 */
export function quantise(
  gradient: usize, hessian: usize, isLogistic: bool, records: usize, stride: usize, rows: i32, gradientScale: f32, hessianScale: f32,
): void {
  const one = f32x4.splat(1);
  for (let i = 0; i < rows; i += 4) {
    const at = <usize>i << 2;
    const value = v128.load(gradient + at);
    const g = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(value, f32x4.splat(gradientScale))));
    let h = i32x4.splat(1);
    if (hessian) {
      h = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(v128.load(hessian + at), f32x4.splat(hessianScale))));
    } else if (isLogistic) {
      const a = f32x4.abs(value);
      h = i32x4.trunc_sat_f32x4_s(f32x4.nearest(f32x4.mul(f32x4.mul(a, f32x4.sub(one, a)), f32x4.splat(hessianScale))));
    }
    const low = i64x2.add(i64x2.shl(i64x2.extend_low_i32x4_s(g), 32), i64x2.extend_low_i32x4_u(h));
    const high = i64x2.add(i64x2.shl(i64x2.extend_high_i32x4_s(g), 32), i64x2.extend_high_i32x4_u(h));
    const record = records + <usize>i * stride;
    v128.store64_lane(record, low, 0);
    v128.store64_lane(record + stride, low, 1);
    v128.store64_lane(record + 2 * stride, high, 0);
    v128.store64_lane(record + 3 * stride, high, 1);
  }
}
