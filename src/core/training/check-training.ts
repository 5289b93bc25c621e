import type { AnyTraining } from '../../shared/definitions/training.ts';
import { FalajError } from '../../shared/errors.ts';
import { nearestHint } from '../../shared/nearest-name.ts';
import { emptyTable } from '../../shared/table/empty-table.ts';
import { type DataRoom, evaluateExpressions } from '../data/index.ts';
import type { FeatureRoom } from '../features/index.ts';

/**
 * Whether a training's data are there, have the columns that it names, and its expressions can be computed. Its rows are not
 * looked at.
 *
 * @throws NOT_FOUND for a dataset or service that there is not, UNKNOWN_COLUMN, BAD_EXPRESSION, and BAD_DEFINITION where an
 *   event time is needed and there is none.
 */
export async function checkTraining(
  definition: AnyTraining,
  { data, features }: { readonly data: DataRoom; readonly features: FeatureRoom },
): Promise<void> {
  const { entities, service, split, label } = definition;
  const dataset = data.get({ name: entities.dataset });
  if (service !== undefined) features.service({ name: service });
  const eventTime = entities.eventTime ?? dataset.eventTime;
  if ((split.by === 'time' || service !== undefined) && eventTime === null) {
    throw new FalajError('BAD_DEFINITION', `The training ${definition.name} needs an event time.`, {
      hint: 'Set entities.eventTime, or split at random.',
    });
  }
  const known = dataset.columns.map(({ name }) => name);
  for (const { field, column } of columnsNamed(definition)) {
    if (known.includes(column)) continue;
    throw new FalajError('UNKNOWN_COLUMN', `${field}: there is no column ${column} in ${dataset.name}.`, {
      hint: nearestHint(column, known, `There are: ${known.join(', ')}.`),
      details: { field, column },
    });
  }
  await evaluateExpressions(emptyTable(dataset.columns), [
    ...definition.expressions,
    ...(label.expression === undefined ? [] : [{ name: label.column, expression: label.expression }]),
  ]);
}

/** The columns of the dataset that a definition names, with where it names them. */
function columnsNamed(definition: AnyTraining): { readonly field: string; readonly column: string }[] {
  const { columns, entities, label, weight, split, baseline } = definition;
  const single = {
    'entities.eventTime': entities.eventTime,
    'label.column': label.expression === undefined ? label.column : undefined,
    weight,
    'split.group': split.group,
    'baseline.groupBy': baseline?.groupBy,
  };
  return [
    ...columns.map((column) => ({ field: 'columns', column })),
    ...Object.entries(single).flatMap(([field, column]) => (column === undefined ? [] : [{ field, column }])),
  ];
}
