import { binaryFigures, type Figures, type PreparedFigures } from './binary-figures.ts';
import { multiclassFigures } from './multiclass-figures.ts';
import type { PredictedRows } from './predicted-rows.ts';
import { regressionFigures } from './regression-figures.ts';

export interface FigureOptions {
  /** The chance from which up yes is the answer. */
  readonly threshold: number;
  /** The quantile that is predicted, if one is. */
  readonly quantile: number | null;
}

export const DEFAULT_FIGURES: FigureOptions = { threshold: 0.5, quantile: null };

/** Sorts what must be sorted once; the figures can then be asked for again with other multiplicities. */
export function prepareFigures(rows: PredictedRows, { threshold, quantile }: FigureOptions): PreparedFigures {
  switch (rows.task) {
    case 'binary':
      return binaryFigures(rows, threshold);
    case 'multiclass':
      return multiclassFigures(rows);
    case 'regression':
      return regressionFigures(rows, quantile);
  }
}

/** Those figures that are defined on these rows. */
export const definedFigures = (figures: Figures): Record<string, number> =>
  Object.fromEntries(Object.entries(figures).filter(([, value]) => Number.isFinite(value)));
