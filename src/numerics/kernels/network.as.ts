// AssemblyScript: the inner loops of dense networks, compiled by scripts/build-kernels.mjs.
//
// All pointers are byte addresses in one imported memory, all numbers float32. Strides are in bytes, so that a transposed
// matrix is the same matrix with its strides swapped.

/** Depth of a packed block: 256 × 8 columns stay in the first-level cache. */
const DEPTH: i32 = 256;
const ROWS: i32 = 64;
const WIDTH: i32 = 8;
const HEIGHT: i32 = 4;

/** Packs `count` vectors of `depth` numbers side by side, `width` at a time, zeros filling the last panel. */
function pack(source: usize, outer: usize, inner: usize, count: i32, depth: i32, width: i32, target: usize): void {
  for (let panel = 0; panel < count; panel += width) {
    const left = min(width, count - panel);
    const start = source + <usize>panel * outer;
    if (left == width && outer == 4) {
      for (let d = 0; d < depth; d++) {
        const from = start + <usize>d * inner;
        v128.store(target, v128.load(from));
        if (width == 8) v128.store(target, v128.load(from, 16), 16);
        target += <usize>width << 2;
      }
    } else {
      for (let d = 0; d < depth; d++) {
        let from = start + <usize>d * inner;
        for (let w = 0; w < width; w++, target += 4) {
          store<f32>(target, w < left ? load<f32>(from) : 0);
          from += outer;
        }
      }
    }
  }
}

/** One tile of 4 × 8: c = (c +) a·b over `depth` packed numbers. */
function tile(a: usize, b: usize, depth: i32, c: usize, cRow: usize, accumulate: bool): void {
  let c00 = f32x4.splat(0), c01 = f32x4.splat(0), c10 = f32x4.splat(0), c11 = f32x4.splat(0);
  let c20 = f32x4.splat(0), c21 = f32x4.splat(0), c30 = f32x4.splat(0), c31 = f32x4.splat(0);
  for (const end = a + (<usize>depth << 4); a < end; a += 16, b += 32) {
    const b0 = v128.load(b), b1 = v128.load(b, 16);
    let x = v128.load32_splat(a);
    c00 = f32x4.add(c00, f32x4.mul(x, b0));
    c01 = f32x4.add(c01, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 4);
    c10 = f32x4.add(c10, f32x4.mul(x, b0));
    c11 = f32x4.add(c11, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 8);
    c20 = f32x4.add(c20, f32x4.mul(x, b0));
    c21 = f32x4.add(c21, f32x4.mul(x, b1));
    x = v128.load32_splat(a, 12);
    c30 = f32x4.add(c30, f32x4.mul(x, b0));
    c31 = f32x4.add(c31, f32x4.mul(x, b1));
  }
  keep(c, c00, c01, accumulate);
  keep(c + cRow, c10, c11, accumulate);
  keep(c + 2 * cRow, c20, c21, accumulate);
  keep(c + 3 * cRow, c30, c31, accumulate);
}

@inline
function keep(c: usize, left: v128, right: v128, accumulate: bool): void {
  if (accumulate) {
    v128.store(c, f32x4.add(v128.load(c), left));
    v128.store(c, f32x4.add(v128.load(c, 16), right), 16);
  } else {
    v128.store(c, left);
    v128.store(c, right, 16);
  }
}

/**
 * c (m × n) = a (m × k) · b (k × n), by packed blocks (Goto and van de Geijn 2008, "Anatomy of high-performance matrix
 * multiplication"). An element's sum does not depend on m and n: parts of c that are computed apart have the same bits.
 * `scratch` holds 256 · (n rounded up to 8) + 64 · 256 + 32 numbers.
 */
export function multiply(
  a: usize, aRow: usize, aColumn: usize, b: usize, bRow: usize, bColumn: usize, c: usize, cRow: usize,
  m: i32, n: i32, k: i32, scratch: usize,
): void {
  const packedB = scratch;
  const packedA = packedB + ((<usize>DEPTH * <usize>((n + 7) & ~7)) << 2);
  const edge = packedA + (<usize>(ROWS * DEPTH) << 2);
  for (let p = 0; p < k; p += DEPTH) {
    const depth = min(DEPTH, k - p);
    pack(b + <usize>p * bRow, bColumn, bRow, n, depth, WIDTH, packedB);
    for (let i = 0; i < m; i += ROWS) {
      const height = min(ROWS, m - i);
      pack(a + <usize>i * aRow + <usize>p * aColumn, aRow, aColumn, height, depth, HEIGHT, packedA);
      for (let j = 0; j < n; j += WIDTH) {
        const panelB = packedB + ((<usize>j * <usize>depth) << 2);
        for (let r = 0; r < height; r += HEIGHT) {
          const panelA = packedA + ((<usize>r * <usize>depth) << 2);
          const target = c + <usize>(i + r) * cRow + (<usize>j << 2);
          if (height - r >= HEIGHT && n - j >= WIDTH) {
            tile(panelA, panelB, depth, target, cRow, p > 0);
          } else {
            tile(panelA, panelB, depth, edge, 32, false);
            for (let y = 0; y < min(HEIGHT, height - r); y++) {
              for (let x = 0; x < min(WIDTH, n - j); x++) {
                const at = target + <usize>y * cRow + (<usize>x << 2);
                const value = load<f32>(edge + <usize>(y * WIDTH + x) * 4);
                store<f32>(at, p > 0 ? load<f32>(at) + value : value);
              }
            }
          }
        }
      }
    }
  }
}

/**
 * One step of Adam (Kingma and Ba 2015), with weight decay apart from the gradient (Loshchilov and Hutter 2019) and l2
 * within it. `first` and `second` are the corrections 1 / (1 − βᵗ). `count` is a multiple of 4.
 */
export function adam(
  parameter: usize, gradient: usize, mean: usize, square: usize, count: i32,
  rate: f32, beta1: f32, beta2: f32, first: f32, second: f32, epsilon: f32, decay: f32, l2: f32,
): void {
  const one = f32x4.splat(1);
  const b1 = f32x4.splat(beta1), b2 = f32x4.splat(beta2);
  const r1 = f32x4.sub(one, b1), r2 = f32x4.sub(one, b2);
  for (let i = 0; i < count; i += 4) {
    const at = <usize>i << 2;
    const p = v128.load(parameter + at);
    const g = f32x4.add(v128.load(gradient + at), f32x4.mul(p, f32x4.splat(l2)));
    const m = f32x4.add(f32x4.mul(b1, v128.load(mean + at)), f32x4.mul(r1, g));
    const v = f32x4.add(f32x4.mul(b2, v128.load(square + at)), f32x4.mul(r2, f32x4.mul(g, g)));
    v128.store(mean + at, m);
    v128.store(square + at, v);
    const root = f32x4.add(f32x4.sqrt(f32x4.mul(v, f32x4.splat(second))), f32x4.splat(epsilon));
    const step = f32x4.add(f32x4.div(f32x4.mul(m, f32x4.splat(first)), root), f32x4.mul(p, f32x4.splat(decay)));
    v128.store(parameter + at, f32x4.sub(p, f32x4.mul(f32x4.splat(rate), step)));
  }
}
