import type { GrowSettings } from './options.ts';

/** Smoothing of a category's ratio of gradients, further L2 of a set of categories, and rows a set grows by at least: LightGBM's defaults. */
const CATEGORY_SMOOTHING = 10;
const CATEGORY_L2 = 10;
const CATEGORY_ROWS = 10;
const GROUP_ROWS = 100;
/** In a small table a category or group need not have more than these shares of the rows. */
const SMALL_TABLE_CATEGORIES = 200;
const SMALL_TABLE_GROUPS = 20;

/** Limits of the search for splits in one tree: hessians in quantised units, rows as rows. */
export interface SearchLimits {
  readonly leastHessian: number;
  readonly leastRows: number;
  readonly l1: number;
  readonly l2: number;
  readonly categorySmoothing: number;
  readonly categoryL2: number;
  readonly groupRows: number;
  readonly categoryRows: number;
}

/** @param rows rows that learn in this tree */
export const searchLimits = (
  settings: GrowSettings,
  rows: number,
  scales: { readonly gradient: number; readonly hessian: number },
): SearchLimits => ({
  // At least one step, so that no side's hessian is zero.
  leastHessian: Math.max(settings.minChildWeight * scales.hessian, 1),
  leastRows: settings.minRowsPerLeaf,
  l1: settings.l1 * scales.gradient,
  l2: settings.l2 * scales.hessian,
  categorySmoothing: CATEGORY_SMOOTHING * scales.hessian,
  categoryL2: CATEGORY_L2 * scales.hessian,
  groupRows: Math.min(GROUP_ROWS, rows / SMALL_TABLE_GROUPS),
  categoryRows: Math.min(CATEGORY_ROWS, rows / SMALL_TABLE_CATEGORIES),
});

export interface LeafToSearch {
  readonly gradient: number;
  readonly hessian: number;
  readonly lower: number;
  readonly upper: number;
}

/** What `leafForKernel` reads: all that is known of a leaf before its rows are counted. */
export const describeLeaf = (leaf: LeafToSearch, limits: SearchLimits, isConstrained: boolean): number[] => [
  leaf.gradient,
  leaf.hessian,
  limits.leastHessian,
  limits.l1,
  limits.l2,
  leaf.lower,
  leaf.upper,
  isConstrained ? 1 : 0,
  limits.categorySmoothing,
  limits.categoryL2,
  limits.groupRows,
  limits.categoryRows,
  limits.leastRows,
];

/**
 * The leaf as the search kernel wants it. Histograms count no rows: within a leaf a bin's share of the hessian stands for
 * its share of the rows. Null where the leaf has too few rows for two.
 */
export function leafForKernel(described: Float64Array, rows: number): Float64Array | null {
  const leastRows = described[12]!;
  if (rows < 2 * leastRows || rows < 2) return null;
  const row = described[1]! / rows;
  const leaf = described.slice(0, 12);
  leaf[2] = Math.max(leaf[2]!, leastRows * row);
  leaf[10]! *= row;
  leaf[11]! *= row;
  return leaf;
}

/** The value of a leaf with these sums: soft-thresholded by L1, shrunk by L2, kept within its bounds. */
export function leafValue(
  gradient: number,
  hessian: number,
  l2: number,
  { l1 }: SearchLimits,
  bounds: { readonly lower: number; readonly upper: number },
): number {
  const soft = Math.sign(gradient) * Math.max(0, Math.abs(gradient) - l1);
  return Math.max(bounds.lower, Math.min(bounds.upper, -soft / (hessian + l2)));
}
