export { type Label, labelAt } from './label.ts';
export {
  isTellable,
  type LabelMeasure,
  type LabelStrength,
  LEAST_ROWS,
  labelStrength,
} from './label-strength.ts';
export {
  type Lateness,
  latenessOf,
  type SameInstant,
  sameInstant,
  summarise,
} from './lateness.ts';
export { sampleRows } from './sample-rows.ts';
