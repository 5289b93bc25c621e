export {
  brierScore,
  type CalibrationPoint,
  calibrationCurve,
  expectedCalibrationError,
  logLoss,
} from './probability.ts';
export { auc, type RocPoint, rocCurve } from './ranking.ts';
export { meanAbsoluteError, rootMeanSquaredError, rSquared } from './regression.ts';
