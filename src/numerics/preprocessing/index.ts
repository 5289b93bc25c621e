export { applyPreprocessing, applyStep } from './apply.ts';
export { fitPreprocessing } from './fit-preprocessing.ts';
export {
  type DatePart,
  inputKind,
  type Preprocessing,
  type RawColumn,
  type Step,
  type StepPlan,
  widthOf,
} from './steps.ts';
