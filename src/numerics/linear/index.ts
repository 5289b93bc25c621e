export { type DesignColumn, standardisedColumns } from './design.ts';
export { type ElasticNetFit, type ElasticNetOptions, fitElasticNet } from './elastic-net.ts';
export { fitLinear } from './fit-linear.ts';
export { type CoefficientInference, type Inference, inferCoefficients, inferLinear } from './inference.ts';
export type { MatrixRows } from './matrix-rows.ts';
export { type LinearModel, predictLinear } from './model.ts';
export type { FitLinearOptions } from './options.ts';
