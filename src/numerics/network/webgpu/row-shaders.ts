import type { LabelTask } from '../../labels/index.ts';
import { adamShader } from './adam-shader.ts';
import { settingsShader } from './settings.ts';

/** Threads of a workgroup along rows and along columns. */
export const GATHER_SIDE = 16;
export const LOSS_ROWS = 64;
export const SWEEP_THREADS = 64;
/** In a column's description: it is a number, of no embedding table. */
export const NO_TABLE = 0xffff_ffff;
/** In a link: the row is the first of its category in the batch. The other bits are the next one's place, from 1. */
export const FIRST_LINK = 0x8000_0000;

/** `x`: table or none; `y`: place among the numbers, or first number in the tables; `z`: numbers of a category. */
const columnHead = /* wgsl */ `
@group(0) @binding(1) var<storage, read> rows: array<u32>;
@group(0) @binding(2) var<storage, read> codes: array<u32>;
@group(0) @binding(3) var<storage, read> columns: array<vec4u>;`;

/** The first layer's input: the batch's numbers, and what stands in the tables for its categories. `fixed.depth` counts numbers,
 * `fixed.rows` tables. */
export const gatherShader = /* wgsl */ `${settingsShader}${columnHead}
@group(0) @binding(4) var<storage, read> numbers: array<f32>;
@group(0) @binding(5) var<storage, read> tables: array<f32>;
@group(0) @binding(6) var<storage, read_write> first: array<f32>;
@compute @workgroup_size(${GATHER_SIDE}, ${GATHER_SIDE})
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= fixed.columns || id.y >= step.rows) { return; }
  let row = rows[id.y];
  let about = columns[id.x];
  var value = 0.0;
  if (about.x == ${NO_TABLE}u) { value = numbers[row * fixed.depth + about.y]; }
  else { value = tables[about.y + codes[row * fixed.rows + about.x] * about.z]; }
  first[id.y * fixed.columns + id.x] = value;
}`;

/**
 * Gradients of the categories in the batch, each summed by the thread of its first row, over the others in their order: the
 * same sum every time. `links` has a line for each table.
 */
export const scatterShader = /* wgsl */ `${settingsShader}${columnHead}
@group(0) @binding(4) var<storage, read> links: array<u32>;
@group(0) @binding(5) var<storage, read> firstGradient: array<f32>;
@group(0) @binding(6) var<storage, read_write> gradients: array<f32>;
@compute @workgroup_size(${GATHER_SIDE}, ${GATHER_SIDE})
fn main(@builtin(global_invocation_id) id: vec3u) {
  if (id.x >= fixed.columns || id.y >= step.rows) { return; }
  let about = columns[id.x];
  if (about.x == ${NO_TABLE}u) { return; }
  var link = links[about.x * fixed.depth + id.y];
  if ((link & ${FIRST_LINK}u) == 0u) { return; }
  var sum = firstGradient[id.y * fixed.columns + id.x];
  link = link & ${FIRST_LINK - 1}u;
  while (link > 0u) {
    sum += firstGradient[(link - 1u) * fixed.columns + id.x];
    link = links[about.x * fixed.depth + link - 1u] & ${FIRST_LINK - 1}u;
  }
  gradients[about.y + codes[rows[id.y] * fixed.rows + about.x] * about.z] = sum;
}`;

/** A step of all embeddings, after which their gradients are 0 again. */
export const tableUpdateShader = /* wgsl */ `${settingsShader}
@group(0) @binding(1) var<storage, read_write> tables: array<f32>;
@group(0) @binding(2) var<storage, read_write> means: array<f32>;
@group(0) @binding(3) var<storage, read_write> squares: array<f32>;
@group(0) @binding(4) var<storage, read_write> gradients: array<f32>;
${adamShader}
@compute @workgroup_size(${SWEEP_THREADS})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  for (var at = id.x; at < fixed.columns; at += groups.x * ${SWEEP_THREADS}u) {
    let next = adam(vec3f(tables[at], means[at], squares[at]), gradients[at], true);
    tables[at] = next.x; means[at] = next.y; squares[at] = next.z;
    gradients[at] = 0.0;
  }
}`;

/** The loss of a row, and its gradient by each score; as in losses.ts. */
const LOSSES: Readonly<Record<LabelTask['kind'], string>> = {
  regression: `
    let error = scores[r] - label;
    loss = own * error * error / 2.0;
    gradient[r] = share * error;`,
  binary: `
    let score = scores[r];
    let small = exp(-abs(score));
    loss = own * atMost(max(score, 0.0) - score * label + log(1.0 + small));
    gradient[r] = share * (select(small, 1.0, score >= 0.0) / (1.0 + small) - label);`,
  multiclass: `
    let start = r * fixed.columns;
    var top = scores[start];
    for (var k = 1u; k < fixed.columns; k++) { top = max(top, scores[start + k]); }
    var sum = 0.0;
    for (var k = 0u; k < fixed.columns; k++) { sum += exp(scores[start + k] - top); }
    loss = own * atMost(top + log(sum) - scores[start + u32(label)]);
    for (var k = 0u; k < fixed.columns; k++) {
      gradient[start + k] = share * (exp(scores[start + k] - top) / sum - select(0.0, 1.0, k == u32(label)));
    }`,
};

/** Losses of a batch, summed over each workgroup's rows, and the scores' gradients. A chance is at least 1e-15 when measured. */
export const lossShader = (kind: LabelTask['kind']): string => /* wgsl */ `${settingsShader}
@group(0) @binding(1) var<storage, read> rows: array<u32>;
@group(0) @binding(2) var<storage, read> labels: array<f32>;
@group(0) @binding(3) var<storage, read> weights: array<f32>;
@group(0) @binding(4) var<storage, read> scores: array<f32>;
@group(0) @binding(5) var<storage, read_write> gradient: array<f32>;
@group(0) @binding(6) var<storage, read_write> losses: array<f32>;
var<workgroup> shares: array<f32, ${LOSS_ROWS}>;
fn atMost(loss: f32) -> f32 { return select(loss, min(loss, 34.538776), step.training == 0u); }
@compute @workgroup_size(${LOSS_ROWS})
fn main(@builtin(global_invocation_id) id: vec3u, @builtin(local_invocation_id) local: vec3u,
        @builtin(workgroup_id) group: vec3u, @builtin(num_workgroups) groups: vec3u) {
  // Of two classes or a number the shape is not asked; a binding that no kernel names would not be taken.
  _ = fixed.columns;
  let r = id.x;
  var loss = 0.0;
  if (r < step.rows) {
    let label = labels[rows[r]];
    let own = weights[rows[r]];
    let share = own * step.inverseWeight;
    ${LOSSES[kind]}
  }
  shares[local.x] = loss;
  workgroupBarrier();
  for (var half = ${LOSS_ROWS / 2}u; half > 0u; half /= 2u) {
    if (local.x < half) { shares[local.x] += shares[local.x + half]; }
    workgroupBarrier();
  }
  if (local.x == 0u) { losses[step.slot * groups.x + group.x] = shares[0]; }
}`;
