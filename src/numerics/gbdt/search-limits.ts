import type { GrowSettings } from './options.ts';

/** Smoothing of a category's ratio of gradients, further L2 of a set of categories, and rows a set grows by at least: LightGBM's defaults. */
const CATEGORY_SMOOTHING = 10;
const CATEGORY_L2 = 10;
const CATEGORY_ROWS = 10;
const GROUP_ROWS = 100;
/** In a small table a category or group need not have more than these shares of the rows. */
const SMALL_TABLE_CATEGORIES = 200;
const SMALL_TABLE_GROUPS = 20;

/** Limits of the search for splits in one tree, in quantised units. */
export interface SearchLimits {
  readonly leastHessian: number;
  readonly l1: number;
  readonly l2: number;
  readonly categorySmoothing: number;
  readonly categoryL2: number;
  readonly groupHessian: number;
  readonly categoryHessian: number;
}

/**
 * @param rows rows that learn in this tree
 * @param hessian their sum of hessians, quantised: a row is worth its even share
 */
export function searchLimits(
  settings: GrowSettings,
  rows: number,
  hessian: number,
  scales: { readonly gradient: number; readonly hessian: number },
): SearchLimits {
  const row = hessian / rows;
  return {
    // At least one step, so that no side's hessian is zero.
    leastHessian: Math.max(settings.minChildWeight * scales.hessian, settings.minRowsPerLeaf * row, 1),
    l1: settings.l1 * scales.gradient,
    l2: settings.l2 * scales.hessian,
    categorySmoothing: CATEGORY_SMOOTHING * scales.hessian,
    categoryL2: CATEGORY_L2 * scales.hessian,
    groupHessian: Math.min(GROUP_ROWS, rows / SMALL_TABLE_GROUPS) * row,
    categoryHessian: Math.min(CATEGORY_ROWS, rows / SMALL_TABLE_CATEGORIES) * row,
  };
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
