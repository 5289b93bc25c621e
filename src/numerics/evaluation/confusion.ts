import { likeliest, type PredictedRows } from './predicted-rows.ts';

export interface ConfusionTable {
  /** Classes by number, the most frequent first; null stands for all others. */
  readonly classes: readonly (number | null)[];
  /** [truth][answer]: weights of the rows. */
  readonly counts: readonly (readonly number[])[];
}

/** What was answered for each class; classes beyond the `most` most frequent are taken together. */
export function confusionTable(all: PredictedRows, most: number): ConfusionTable {
  const { labels, predictions, outputs, weights } = all;
  const truths = new Float64Array(outputs);
  for (let row = 0; row < labels.length; row++) truths[labels[row]!]! += weights === null ? 1 : weights[row]!;
  const byFrequency = [...truths.keys()].sort((a, b) => truths[b]! - truths[a]! || a - b);
  const kept = outputs > most ? byFrequency.slice(0, most - 1) : [...truths.keys()];
  const classes: (number | null)[] = outputs > most ? [...kept, null] : kept;
  const place = new Int32Array(outputs).fill(classes.length - 1);
  for (const [at, of] of kept.entries()) place[of] = at;
  const counts = classes.map(() => new Array<number>(classes.length).fill(0));
  for (let row = 0; row < labels.length; row++)
    counts[place[labels[row]!]!]![place[likeliest(predictions, row, outputs)]!]! +=
      weights === null ? 1 : weights[row]!;
  return { classes, counts };
}
