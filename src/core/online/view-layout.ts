import { createHash } from 'node:crypto';
import { z } from 'zod';
import { columnSchemaSchema } from '../../shared/contract/common.ts';
import { FalajError } from '../../shared/errors.ts';
import { parseDuration } from '../../shared/units.ts';
import { aggregatedColumns, type PlannedView, rowFeatures, type ViewHistory } from '../features/index.ts';
import type { UseRule } from './online-record.ts';
import { RowLayout } from './packed-row.ts';

/** What a view's online rows hold: the values of features taken from one row, and the columns its windows read. */
export interface ViewLayout extends UseRule {
  readonly features: RowLayout;
  readonly window: RowLayout;
  readonly windowMicros: number | null;
}

const storedLayout = z.object({
  features: z.array(columnSchemaSchema),
  window: z.array(columnSchemaSchema),
  windowMicros: z.number().nullable(),
  hasKnownTime: z.boolean(),
  hasCorrections: z.boolean().default(false),
});

/** `planned` holds all of the view's features. */
export function layoutOf(history: ViewHistory, planned: PlannedView): ViewLayout {
  const windows = planned.features.flatMap(({ aggregate }) =>
    aggregate === undefined ? [] : [parseDuration(aggregate.window)],
  );
  const names = planned.features.flatMap(({ name, aggregate }) => (aggregate === undefined ? [name] : []));
  return {
    features: new RowLayout(
      rowFeatures(history, planned, new Int32Array(0)).map(({ type }, index) => ({
        name: names[index]!,
        type,
      })),
    ),
    window: new RowLayout(aggregatedColumns(history, planned).map(({ name, type }) => ({ name, type }))),
    windowMicros: windows.length === 0 ? null : Math.max(...windows),
    hasKnownTime: history.known !== null,
    hasCorrections: history.until !== null,
  };
}

export const layoutToText = ({
  features,
  window,
  windowMicros,
  hasKnownTime,
  hasCorrections,
}: ViewLayout): string =>
  JSON.stringify({
    features: features.columns,
    window: window.columns,
    windowMicros,
    hasKnownTime,
    ...(hasCorrections ? { hasCorrections } : {}),
  });

export function layoutFromText(text: string): ViewLayout {
  const { features, window, ...rest } = storedLayout.parse(JSON.parse(text));
  return { features: new RowLayout(features), window: new RowLayout(window), ...rest };
}

/**
 * Tells whether online rows were made by the view as it now stands. The time to live, owner, labels and texts are left
 * out: they are no part of the rows.
 */
export const definitionDigest = (planned: PlannedView): string =>
  createHash('sha256')
    .update(JSON.stringify(shapeOf(planned)))
    .digest('hex');

function shapeOf({ view, keys, features, base }: PlannedView): unknown {
  const { dataset, eventTime, knownTime, zone, filter } = view.source;
  return [
    keys.map(({ name, type, source: column }) => [name, type, column]),
    { dataset, eventTime, knownTime, zone, filter },
    features,
    base === null ? null : shapeOf(base),
  ];
}

export const staleRows = (view: string): FalajError =>
  new FalajError('CONFLICT', `View "${view}" has changed since its online rows were made.`, {
    hint: `Make them anew: falaj features materialize ${view}`,
    details: { view },
  });
