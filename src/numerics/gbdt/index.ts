export { type FitGbdtOptions, fitGbdt } from './fit-gbdt.ts';
export { type GbdtModel, predictGbdt } from './model.ts';
