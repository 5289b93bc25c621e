import type { TreeArrays } from '../onnx/index.ts';

/** How rows part at a node. */
export type Decision =
  | { readonly feature: number; readonly threshold: number; readonly missingLeft: boolean }
  | { readonly feature: number; readonly categories: readonly number[]; readonly missingLeft: boolean };

/** A tree that grows node by node; every node is a leaf until it is told to decide. */
export class TreeBuilder implements TreeArrays {
  readonly feature: number[] = [];
  readonly threshold: number[] = [];
  readonly missingLeft: number[] = [];
  readonly left: number[] = [];
  readonly right: number[] = [];
  readonly value: number[] = [];
  readonly cover: number[] = [];
  readonly categories: (readonly number[] | null)[] = [];

  add(cover: number): number {
    for (const list of [this.threshold, this.missingLeft, this.left, this.right, this.value]) list.push(0);
    this.categories.push(null);
    this.cover.push(cover);
    return this.feature.push(-1) - 1;
  }

  decide(node: number, decision: Decision, left: number, right: number): void {
    this.feature[node] = decision.feature;
    this.missingLeft[node] = decision.missingLeft ? 1 : 0;
    this.left[node] = left;
    this.right[node] = right;
    if ('categories' in decision) this.categories[node] = decision.categories;
    else this.threshold[node] = decision.threshold;
  }

  finish(node: number, value: number): void {
    this.value[node] = value;
  }
}
