export {
  type FitLinearOptions,
  fitLinear,
  type LinearModel,
  type MatrixRows,
  predictLinear,
} from './fit-linear.ts';
