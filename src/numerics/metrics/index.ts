export { type Baseline, fitBaseline } from './baselines.ts';
export {
  type BootstrapOptions,
  bootstrapInterval,
  type Interval,
  measureSlices,
  type SliceFigures,
} from './bootstrap.ts';
export {
  averagePrecision,
  type BinaryConfusion,
  binaryConfusion,
  type ChosenThreshold,
  chooseThreshold,
  confusionMatrix,
  f1Score,
  precision,
  recall,
  type ThresholdGoal,
} from './classification.ts';
export { type MulticlassFigures, measureMulticlass } from './multiclass.ts';
export {
  brierScore,
  type CalibrationPoint,
  calibrationCurve,
  expectedCalibrationError,
  logLoss,
} from './probability.ts';
export { auc, type RocPoint, rocCurve } from './ranking.ts';
export { meanAbsoluteError, quantileLoss, rootMeanSquaredError, rSquared } from './regression.ts';
