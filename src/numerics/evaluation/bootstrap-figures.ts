import { mulberry32 } from '../arrays/mulberry32.ts';
import { definedFigures, type FigureOptions, prepareFigures } from './figures.ts';
import { type PredictedRows, pickRows } from './predicted-rows.ts';
import { drawMultiplicity, randomPart } from './sampling.ts';

export interface BootstrapPlan {
  readonly resamples: number;
  /** Such as 0.95. */
  readonly confidence: number;
  readonly seed: number;
  /** Rows that are resampled at most, fewer where there are many classes: a random part stands for more of them. */
  readonly mostRows: number;
}

export interface FigureInterval {
  readonly lower: number;
  readonly upper: number;
}

export interface BootstrappedFigures {
  readonly figures: Record<string, number>;
  readonly intervals: Record<string, FigureInterval>;
  /** Rows that were resampled. */
  readonly resampledRows: number;
}

const BOUNDED = new Set(['auc', 'prAuc', 'f1', 'accuracy', 'precision', 'recall', 'ece']);
/** Every class beyond so many makes a resample slower than it may be. */
const FREE_CLASSES = 4;
const LEAST_ROWS = 500;

/**
 * All figures with percentile bootstrap intervals (Efron and Tibshirani 1993, ch. 13). Of many rows a random part of m is
 * resampled, and the deviations from its own figures are narrowed by √(m / n): figures of n rows spread that much less (the m
 * out of n bootstrap; Bickel, Götze and van Zwet 1997). Time and memory depend on `mostRows`, not on the rows.
 */
export function bootstrapFigures(
  rows: PredictedRows,
  options: FigureOptions,
  plan: BootstrapPlan,
): BootstrappedFigures {
  const count = rows.labels.length;
  const figures = definedFigures(prepareFigures(rows, options)());
  const random = mulberry32(plan.seed);
  const affordable = Math.floor((plan.mostRows * FREE_CLASSES) / rows.outputs);
  const size = Math.min(plan.mostRows, Math.max(LEAST_ROWS, affordable));
  if (plan.resamples === 0 || count < 2) return { figures, intervals: {}, resampledRows: 0 };
  const part = size >= count ? rows : pickRows(rows, randomPart(count, size, random));
  const prepared = prepareFigures(part, options);
  const own = prepared();
  const multiplicity = new Uint8Array(part.labels.length);
  const drawn = new Map(Object.keys(figures).map((name) => [name, [] as number[]]));
  for (let resample = 0; resample < plan.resamples; resample++) {
    drawMultiplicity(multiplicity, random);
    for (const [name, value] of Object.entries(prepared(multiplicity)))
      if (Number.isFinite(value)) drawn.get(name)?.push(value);
  }
  const narrowing = Math.sqrt(part.labels.length / count);
  const intervals: Record<string, FigureInterval> = {};
  for (const [name, values] of drawn) {
    const estimate = figures[name]!;
    const centre = own[name]!;
    if (values.length < plan.resamples / 2 || !Number.isFinite(centre)) continue;
    values.sort((a, b) => a - b);
    const bound = (share: number): number => {
      const value = estimate + narrowing * (quantile(values, share) - centre);
      return BOUNDED.has(name) ? Math.min(1, Math.max(0, value)) : value;
    };
    intervals[name] = { lower: bound((1 - plan.confidence) / 2), upper: bound((1 + plan.confidence) / 2) };
  }
  return { figures, intervals, resampledRows: part.labels.length };
}

function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)]!;
  return below + (at - Math.floor(at)) * (sorted[Math.ceil(at)]! - below);
}
