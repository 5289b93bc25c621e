export { fitGbdt } from './fit-gbdt.ts';
export type { FitTask } from './fit-task.ts';
export { helpFit } from './help-fit.ts';
export { type GbdtModel, predictGbdt, predictGbdtOutputs, scoreGbdt } from './model.ts';
export { type Objective, outputsOf } from './objective.ts';
export type { FitGbdtOptions } from './options.ts';
export { explainGbdt, type ShapleyValues } from './shapley.ts';
