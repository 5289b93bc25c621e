import type { FeatureDefinition, FeatureViewDefinition } from '../../../../shared/definitions/features.ts';
import type { TrainingDefinition } from '../../../../shared/definitions/training.ts';
import type { JoinedView } from '../../join/join-features.ts';

export interface TrainedRows {
  readonly label: TrainingDefinition['label'];
  readonly dataset: string;
  readonly eventTime: string | null;
  /** Columns of the dataset. */
  readonly columns: readonly string[];
}

/**
 * Features by which a row sees its own label: they read, up to and with the row's own time, what the label is made of, from
 * the very dataset that the rows come from. Where the dataset says when a row became known, its outcome is not seen before.
 */
export function ownLabelFeatures(views: readonly JoinedView[], rows: TrainedRows): string[] {
  const { label } = rows;
  const made = new Set(
    label.expression === undefined
      ? [label.column]
      : rows.columns.filter((name) => wordsOf(label.expression!).has(name)),
  );
  return views.flatMap(({ planned: { alias, view, features, base }, source }) => {
    if (base !== null || source === null || source.dataset.name !== rows.dataset) return [];
    const { eventTime, knownTime } = view.source;
    if ((knownTime ?? source.dataset.knownTime) !== null) return [];
    if ((eventTime ?? source.dataset.eventTime) !== rows.eventTime) return [];
    return features
      .filter((feature) => feature.aggregate?.exclusive !== true && reads(feature, view, made))
      .map(({ name }) => `${alias}__${name}`);
  });
}

function reads(feature: FeatureDefinition, view: FeatureViewDefinition, made: ReadonlySet<string>): boolean {
  const { name, column, expression, aggregate } = feature;
  if (expression !== undefined) return [...wordsOf(expression)].some((word) => made.has(word));
  if (aggregate === undefined) return made.has(column ?? name);
  // How many rows there are says nothing of what is in them.
  if (aggregate.fn === 'count') return false;
  const computed = view.features.find((one) => one.name === aggregate.of && one.expression !== undefined);
  return computed === undefined ? made.has(aggregate.of) : reads(computed, view, made);
}

const wordsOf = (expression: string): Set<string> =>
  new Set(expression.split(/[^\p{L}\p{N}_]+/u).filter((word) => word !== ''));
