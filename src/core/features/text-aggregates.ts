import type { AggregateFunction } from '../../shared/definitions/features.ts';

const OF_TEXT: ReadonlySet<AggregateFunction> = new Set(['count', 'distinct_count', 'last']);

/** Whether a window can compute this over text, of which there is no sum and no order that means anything. */
export const isOfText = (fn: AggregateFunction): boolean => OF_TEXT.has(fn);

export const OF_TEXT_HINT = 'Of text there are count, distinct_count and last.';
