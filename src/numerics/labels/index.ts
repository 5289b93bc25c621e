export { type LabelTask, requireLabel } from './require-label.ts';
