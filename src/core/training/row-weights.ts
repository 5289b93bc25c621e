import { FalajError } from '../../shared/errors.ts';
import { type Column, isPresent } from '../../shared/table/column.ts';
import { sharedFloats } from './shared-floats.ts';
import type { LearnRequest } from './worker-messages.ts';

export type ClassWeights = 'balanced' | readonly number[];

/**
 * A factor for the rows of each class: as said, or such that every class that the training part has counts the same share
 * of all weight.
 *
 * @throws BAD_DEFINITION for a task without classes, or another number of classes.
 */
export function classFactors(
  { task, classes, labels, train, weights }: LearnRequest,
  asked: ClassWeights | undefined,
): number[] | undefined {
  if (asked === undefined) return undefined;
  if (task === 'regression')
    throw bad(
      'Class weights are for classes; the task is regression.',
      'Remove classWeights, or weigh rows by a column.',
    );
  const count = classes?.length ?? 2;
  if (asked !== 'balanced') {
    if (asked.length !== count)
      throw bad(
        `There are ${asked.length} class weights for ${count} classes.`,
        'Give one weight per class.',
      );
    return [...asked];
  }
  const sums = new Array<number>(count).fill(0);
  for (let row = 0; row < train; row++) sums[labels[row]!]! += weights?.[row] ?? 1;
  const total = sums.reduce((all, sum) => all + sum, 0);
  const present = sums.filter((sum) => sum > 0).length;
  return sums.map((sum) => (sum > 0 ? total / present / sum : 1));
}

/** How much each row counts while learning, its class's factor included; undefined where all count the same. */
export function learningWeights(
  request: LearnRequest,
  asked: ClassWeights | undefined,
): Float32Array | undefined {
  const factors = classFactors(request, asked);
  const { weights, labels } = request;
  if (factors === undefined) return weights ?? undefined;
  return Float32Array.from(labels, (label, row) => (weights?.[row] ?? 1) * (factors[label] ?? 1));
}

/**
 * The weights of these rows, in their order.
 *
 * @throws BAD_INPUT for what cannot be a weight, naming the column and the row.
 */
export function weightValues(column: Column, order: Uint32Array): Float32Array<SharedArrayBuffer> {
  const weights = sharedFloats(order.length);
  for (let position = 0; position < order.length; position++) {
    const row = order[position]!;
    const weight =
      column.type !== 'string' && isPresent(column, row) ? Number(column.values[row]!) : Number.NaN;
    if (!(weight >= 0 && weight < Number.POSITIVE_INFINITY))
      throw new FalajError(
        'BAD_INPUT',
        `The weight ${column.name} of row ${row + 1} is no number from 0 up.`,
        {
          hint: 'Fill or correct the column, or leave such rows out.',
          details: { column: column.name, row: row + 1 },
        },
      );
    weights[position] = weight;
  }
  return weights;
}

const bad = (message: string, hint: string): FalajError =>
  new FalajError('BAD_DEFINITION', message, { hint, details: { option: 'classWeights' } });
