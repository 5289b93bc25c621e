import type {
  EntityDefinition,
  FeatureAggregate,
  FeatureViewDefinition,
} from '../../../shared/definitions/features.ts';
import type { FalajError } from '../../../shared/errors.ts';
import type { ColumnSchema } from '../../../shared/table/column.ts';
import { isOfText, OF_TEXT_HINT } from '../text-aggregates.ts';
import { checkPushedView, pushedFacts } from './check-pushed-view.ts';
import { checkRequestView } from './check-request-view.ts';
import { checkSourceView, viewFacts } from './check-source-view.ts';
import type { PlacedDefinition } from './definition.ts';
import { keyColumns } from './key-columns.ts';
import {
  checkTimeColumn,
  type DatasetFacts,
  fault,
  type Known,
  requireColumn,
  requireDataset,
} from './known-definitions.ts';

export function checkView(placed: PlacedDefinition, view: FeatureViewDefinition, known: Known): void {
  const keys = keyColumns(placed, ['entities'], view, known);
  checkFeatureNames(placed, view);
  if (view.source.request !== undefined) {
    checkRequestView(placed, view, keys);
    return;
  }
  if (view.source.view !== undefined) {
    const source = checkSourceView(placed, view, known);
    checkFeatures(placed, view, viewFacts(placed, source, known));
    return;
  }
  if (view.source.push === true) {
    checkPushedView(placed, view);
    checkFeatures(placed, view, pushedFacts(placed, view, known));
    return;
  }
  if (view.source.skew !== undefined) {
    throw fault(placed, ['source', 'skew'], '"skew" is for pushed rows only.', 'Leave it out.');
  }
  const dataset = requireDataset(placed, ['source', 'dataset'], known, view.source.dataset!);
  checkTimes(placed, view, dataset);
  for (const { entity, ...key } of keys) checkKey(placed, view, dataset, entity, key);
  checkFeatures(placed, view, dataset);
}

function checkTimes(placed: PlacedDefinition, view: FeatureViewDefinition, dataset: DatasetFacts): void {
  const eventTime = view.source.eventTime ?? dataset.eventTime;
  if (eventTime === null) {
    throw fault(
      placed,
      ['source'],
      'the source has no event time.',
      'Set source.eventTime, or import the dataset with --event-time.',
    );
  }
  const columns = [checkTimeColumn(placed, ['source', 'eventTime'], dataset, eventTime)];
  const knownTime = view.source.knownTime ?? dataset.knownTime;
  if (knownTime !== null) columns.push(checkTimeColumn(placed, ['source', 'knownTime'], dataset, knownTime));
  if (view.source.zone === undefined || columns.some(({ type }) => type === 'date')) return;
  throw fault(
    placed,
    ['source', 'zone'],
    `a zone says where the days of a date column start, but "${eventTime}" is a timestamp.`,
    'Leave the zone out: a time without a zone of its own is UTC.',
  );
}

function checkKey(
  placed: PlacedDefinition,
  view: FeatureViewDefinition,
  dataset: DatasetFacts,
  entity: EntityDefinition,
  key: ColumnSchema,
): void {
  const path = ['source', 'keys', key.name];
  const column = requireColumn(placed, path, dataset, view.source.keys[key.name] ?? key.name);
  if (column.type === key.type) return;
  throw fault(
    placed,
    path,
    `key "${key.name}" of ${entity.name} is ${key.type}, but column "${column.name}" is ${column.type}.`,
  );
}

function checkFeatureNames(placed: PlacedDefinition, view: FeatureViewDefinition): void {
  const seen = new Set<string>();
  view.features.forEach((feature, index) => {
    const path = ['features', index];
    if (seen.has(feature.name)) throw fault(placed, path, `feature "${feature.name}" is defined twice.`);
    seen.add(feature.name);
    const ways = [feature.column, feature.aggregate, feature.expression].filter((way) => way !== undefined);
    if (ways.length > 1)
      throw fault(
        placed,
        path,
        `feature "${feature.name}" has more than one of column, aggregate and expression.`,
      );
  });
}

const unfitForText = (
  placed: PlacedDefinition,
  path: readonly PropertyKey[],
  name: string,
  { fn, of }: Pick<FeatureAggregate, 'fn' | 'of'>,
): FalajError =>
  fault(
    placed,
    [...path, 'aggregate', 'fn'],
    `feature "${name}" asks for the ${fn} of "${of}", which is text.`,
    OF_TEXT_HINT,
  );

function checkFeatures(
  placed: PlacedDefinition,
  view: FeatureViewDefinition,
  source: Pick<DatasetFacts, 'columns'>,
): void {
  const expressions = new Map(
    view.features
      .filter((feature) => feature.expression !== undefined)
      .map((feature) => [feature.name, feature]),
  );
  view.features.forEach((feature, index) => {
    const path = ['features', index];
    if (feature.aggregate !== undefined) {
      // An aggregate may also run over a row-wise expression of the same view, and a count over whole rows.
      const { fn, of } = feature.aggregate;
      if (fn === 'count' && of === '*') return;
      const place = [...path, 'aggregate', 'of'];
      const { type } = expressions.get(of) ?? requireColumn(placed, place, source, of);
      if (type === 'string' && !isOfText(fn)) throw unfitForText(placed, path, feature.name, { fn, of });
    } else if (feature.expression === undefined) {
      const column = feature.column ?? feature.name;
      requireColumn(placed, [...path, 'column'], source, column);
      if (expressions.has(column))
        throw fault(
          placed,
          [...path, 'column'],
          `column "${column}" is hidden by the expression of that name.`,
        );
    }
  });
}
