export {
  precisionRecallOf,
  reliabilityOf,
  rocOf,
  type ThresholdPoint,
  thresholdPoints,
} from './binary-curves.ts';
export {
  type BootstrapPlan,
  type BootstrappedFigures,
  bootstrapFigures,
  type FigureInterval,
} from './bootstrap-figures.ts';
export { bestThreshold, type ThresholdWish } from './choose-threshold.ts';
export { confusionTable } from './confusion.ts';
export { DEFAULT_FIGURES, definedFigures, type FigureOptions, prepareFigures } from './figures.ts';
export { plainLoss } from './plain-loss.ts';
export { oneAgainstRest, type PredictedRows, pickRows } from './predicted-rows.ts';
export { areaUnderRoc, rankRows } from './ranked-rows.ts';
export { residualsOf } from './residuals.ts';
export { evenlySpaced } from './sampling.ts';
