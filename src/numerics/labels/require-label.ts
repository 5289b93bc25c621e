import { FalajError } from '../../shared/errors.ts';

/** What a label is: a class from 0 up, or a finite number. */
export type LabelTask =
  | { readonly kind: 'binary' }
  | { readonly kind: 'multiclass'; readonly classes: number }
  | { readonly kind: 'regression' };

/** @throws LABEL_UNUSABLE naming the row, counted from 1. */
export function requireLabel(task: LabelTask, label: number, row: number): void {
  const classes = task.kind === 'multiclass' ? task.classes : 2;
  const fits =
    task.kind === 'regression'
      ? Number.isFinite(label)
      : Number.isInteger(label) && label >= 0 && label < classes;
  if (fits) return;
  throw new FalajError('LABEL_UNUSABLE', `The label of row ${row + 1} is ${label}.`, {
    hint: task.kind === 'regression' ? 'Labels are finite numbers.' : `Labels are 0 to ${classes - 1}.`,
    details: { row },
  });
}
