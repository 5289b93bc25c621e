/** The part of the data that a metric is of, by its name. */
export type DataPart = 'train' | 'validation' | 'test';

const NAMES = 'train(?:ing)?|val(?:id|idation)?|test|eval';
const PART = new RegExp(`^(?:${NAMES})(?:[_./-]+(?=.)|(?=[A-Z]))|[_./-](?:${NAMES})$`);

/** `val_loss` and `lossValidation` are the loss of the validation part; `gpuHours` is of none. */
export function partOfData(metric: string): { readonly part: DataPart | null; readonly rest: string } {
  const found = PART.exec(metric)?.[0]
    .replace(/[_./-]/g, '')
    .toLowerCase();
  if (found === undefined) return { part: null, rest: metric };
  const part = found.startsWith('train') ? 'train' : found.startsWith('v') ? 'validation' : 'test';
  return { part, rest: metric.replace(PART, '') };
}
