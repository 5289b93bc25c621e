import type { AggregateFunction, FeatureAggregate, FeatureDefinition } from './features.ts';

/** The percentile that a function asks for as a whole number of hundredths, null for any other function. */
export const percentileOf = (fn: AggregateFunction): number | null =>
  /^p\d+$/.test(fn) ? Number(fn.slice(1)) : null;

/** An aggregate in one line, as people read it. */
export const describeAggregate = ({ fn, of, window, exclusive }: FeatureAggregate): string =>
  `${fn}(${of}) over ${window}${exclusive === true ? ' exclusive' : ''}`;

/** How a feature comes about, in one line. */
export function describeRecipe({ name, column, aggregate, expression }: FeatureDefinition): string {
  return aggregate === undefined ? (expression ?? column ?? name) : describeAggregate(aggregate);
}
