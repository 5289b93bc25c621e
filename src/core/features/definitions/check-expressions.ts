import type { FeatureViewDefinition } from '../../../shared/definitions/features.ts';
import { type FalajError, isFalajError } from '../../../shared/errors.ts';
import type { ColumnType } from '../../../shared/table/column.ts';
import { emptyTable } from '../../../shared/table/empty-table.ts';
import { evaluateExpressions } from '../../data/index.ts';
import { isOfText, OF_TEXT_HINT } from '../text-aggregates.ts';
import { sourceFacts } from './check-source-view.ts';
import type { PlacedDefinition } from './definition.ts';
import { fault, type Known } from './known-definitions.ts';

interface Written {
  readonly path: readonly PropertyKey[];
  readonly name: string;
  readonly expression: string;
}

/**
 * What is wrong with a view's filter and expressions, computed over no rows; null when nothing is. What fails on a value
 * shows when there are rows.
 */
export async function checkExpressions(
  placed: PlacedDefinition,
  view: FeatureViewDefinition,
  known: Known,
): Promise<FalajError | null> {
  const written = expressionsOf(view);
  if (written.length === 0) return null;
  const rows = emptyTable(sourceFacts(placed, view, known).columns);
  const typesOf = async (some: readonly Written[]): Promise<ColumnType[]> =>
    (await evaluateExpressions(rows, some)).map(({ type }) => type);
  try {
    return badTypes(placed, view, written, await typesOf(written));
  } catch (error) {
    if (!isFalajError(error) || error.code !== 'BAD_EXPRESSION') throw error;
    // Of several it is not always said which one is wrong.
    for (const one of written) {
      const [refusal] = await typesOf([one]).then(
        () => [],
        (reason: unknown) => [reason],
      );
      if (isFalajError(refusal)) return fault(placed, one.path, refusal.message, refusal.hint);
    }
    throw error;
  }
}

function expressionsOf({ source, features }: FeatureViewDefinition): Written[] {
  const filter =
    source.filter === undefined
      ? []
      : [{ path: ['source', 'filter'], name: 'filter', expression: source.filter }];
  const computed = features.flatMap(({ name, expression }, index) =>
    expression === undefined ? [] : [{ path: ['features', index, 'expression'], name, expression }],
  );
  return [...filter, ...computed];
}

function badTypes(
  placed: PlacedDefinition,
  { source, features }: FeatureViewDefinition,
  written: readonly Written[],
  types: readonly ColumnType[],
): FalajError | null {
  if (source.filter !== undefined && types[0] !== 'bool')
    return fault(
      placed,
      ['source', 'filter'],
      `the filter is ${types[0]}, not a condition.`,
      'Write one such as "distance > 0".',
    );
  const ofText = new Set(written.filter((_, index) => types[index] === 'string').map(({ path }) => path[1]));
  const texts = new Set(features.filter((_, index) => ofText.has(index)).map(({ name }) => name));
  for (const [index, { name, aggregate }] of features.entries()) {
    if (aggregate === undefined || !texts.has(aggregate.of) || isOfText(aggregate.fn)) continue;
    return fault(
      placed,
      ['features', index, 'aggregate', 'fn'],
      `feature "${name}" asks for the ${aggregate.fn} of "${aggregate.of}", which is text.`,
      OF_TEXT_HINT,
    );
  }
  return null;
}
