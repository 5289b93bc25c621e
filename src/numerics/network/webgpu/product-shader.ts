import { adamShader } from './adam-shader.ts';
import { settingsShader } from './settings.ts';

/** Rows and columns of a workgroup's tile. */
export const TILE = 64;
/** Numbers of each sum that a workgroup holds at a time. */
const DEPTH = 16;
/** Threads along each side of the workgroup; each computes a square of `TILE / THREADS` numbers in registers. */
const THREADS = 16;
const OWN = TILE / THREADS;

export type ProductKind = 'forward' | 'inputGradient' | 'weightUpdate';

interface Operand {
  readonly bindings: string;
  /** Expressions over `row`, `column` or `depth`. */
  readonly left: string;
  readonly right: string;
  /** What is done with a finished sum at (row, column). */
  readonly finish: string;
  readonly functions?: string;
}

/** Forward: linear = input · weights + bias. Back: input gradient = gradient · weightsᵀ; weights by inputᵀ · gradient. */
const KINDS: Readonly<Record<ProductKind, Operand>> = {
  forward: {
    bindings: `
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(3) var<storage, read> units: array<f32>;
@group(0) @binding(4) var<storage, read_write> c: array<f32>;`,
    left: 'a[row * shape.depth + depth]',
    right: 'b[depth * shape.columns + column]',
    finish: 'c[row * shape.columns + column] = sum + units[column];',
  },
  inputGradient: {
    bindings: `
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(4) var<storage, read_write> c: array<f32>;`,
    left: 'a[row * shape.depth + depth]',
    right: 'b[column * shape.depth + depth]',
    finish: 'c[row * shape.columns + column] = sum;',
  },
  weightUpdate: {
    bindings: `
@group(0) @binding(1) var<storage, read> a: array<f32>;
@group(0) @binding(2) var<storage, read> b: array<f32>;
@group(0) @binding(4) var<storage, read_write> c: array<f32>;
@group(0) @binding(5) var<storage, read_write> means: array<f32>;
@group(0) @binding(6) var<storage, read_write> squares: array<f32>;`,
    left: 'a[depth * shape.rows + row]',
    right: 'b[depth * shape.columns + column]',
    finish: `let at = row * shape.columns + column;
      let next = adam(vec3f(c[at], means[at], squares[at]), sum, true);
      c[at] = next.x; means[at] = next.y; squares[at] = next.z;`,
    functions: adamShader,
  },
};

/**
 * A product of matrices of any size, float32, in tiles that a workgroup shares; numbers beyond the edges count as 0. The batch's
 * rows, which change, stand in the step's settings: `rows` of the way forth and of input gradients, `depth` of weight updates.
 */
export function productShader(kind: ProductKind): string {
  const { bindings, left, right, finish, functions = '' } = KINDS[kind];
  return /* wgsl */ `
${settingsShader}
${bindings}
${functions}
var<workgroup> lefts: array<f32, ${TILE * DEPTH}>;
var<workgroup> rights: array<f32, ${TILE * DEPTH}>;

@compute @workgroup_size(${THREADS}, ${THREADS})
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  var shape = fixed;
  ${kind === 'weightUpdate' ? 'shape.depth = step.rows;' : 'shape.rows = step.rows;'}
  let top = group.y * ${TILE}u;
  let start = group.x * ${TILE}u;
  let thread = local.y * ${THREADS}u + local.x;
  var sums: array<f32, ${OWN * OWN}>;
  for (var begin = 0u; begin < shape.depth; begin += ${DEPTH}u) {
    for (var i = thread; i < ${TILE * DEPTH}u; i += ${THREADS * THREADS}u) {
      ${kind === 'weightUpdate' ? loadByRow('left') : loadByDepth('left')}
      lefts[line * ${TILE}u + place] = 0.0;
      if (row < shape.rows && depth < shape.depth) { lefts[line * ${TILE}u + place] = ${left}; }
    }
    for (var i = thread; i < ${TILE * DEPTH}u; i += ${THREADS * THREADS}u) {
      ${kind === 'inputGradient' ? loadByDepth('right') : loadByRow('right')}
      rights[line * ${TILE}u + place] = 0.0;
      if (column < shape.columns && depth < shape.depth) { rights[line * ${TILE}u + place] = ${right}; }
    }
    workgroupBarrier();
    for (var line = 0u; line < ${DEPTH}u; line++) {
      var own: array<f32, ${OWN}>;
      for (var i = 0u; i < ${OWN}u; i++) { own[i] = lefts[line * ${TILE}u + local.y * ${OWN}u + i]; }
      for (var j = 0u; j < ${OWN}u; j++) {
        let other = rights[line * ${TILE}u + local.x * ${OWN}u + j];
        for (var i = 0u; i < ${OWN}u; i++) { sums[i * ${OWN}u + j] += own[i] * other; }
      }
    }
    workgroupBarrier();
  }
  for (var i = 0u; i < ${OWN}u; i++) {
    let row = top + local.y * ${OWN}u + i;
    for (var j = 0u; j < ${OWN}u; j++) {
      let column = start + local.x * ${OWN}u + j;
      if (row < shape.rows && column < shape.columns) {
        let sum = sums[i * ${OWN}u + j];
        ${finish}
      }
    }
  }
}`;
}

/** Neighbouring threads read neighbouring numbers: along the sum, or along the tile's side. */
const loadByDepth = (side: 'left' | 'right'): string => `
      let line = i % ${DEPTH}u;
      let place = i / ${DEPTH}u;
      let depth = begin + line;
      ${sideOf(side)}`;
const loadByRow = (side: 'left' | 'right'): string => `
      let line = i / ${TILE}u;
      let place = i % ${TILE}u;
      let depth = begin + line;
      ${sideOf(side)}`;
const sideOf = (side: 'left' | 'right'): string =>
  side === 'left' ? 'let row = top + place;' : 'let column = start + place;';
