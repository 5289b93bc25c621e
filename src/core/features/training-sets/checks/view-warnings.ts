import {
  LEAST_ROWS,
  latenessOf,
  type SameInstant,
  sameInstant,
  summarise,
} from '../../../../numerics/leaks/index.ts';
import type { SetWarning } from '../../../../shared/contract/types.ts';
import type { FeatureDefinition } from '../../../../shared/definitions/features.ts';
import type { Table } from '../../../../shared/table/column.ts';
import type { JoinedHistory } from '../../join/join-features.ts';
import { type GivenTimes, givenTimes } from './given-times.ts';
import { isOwnTable } from './own-table.ts';

/** From this share of the rows on, a fact of their own time is no coincidence. */
const SAME_INSTANT_SHARE = 0.95;
const MICROS_PER_MILLI = 1000;

export interface ViewContext {
  readonly spine: Table;
  readonly eventTime: string;
  readonly label: string | null;
  readonly asKnown: 'row' | number | null;
}

/** What the times of a joined view say against it. */
export async function viewWarnings(joined: JoinedHistory, context: ViewContext): Promise<SetWarning[]> {
  const given = await givenTimes(joined, context.spine);
  return [
    ...knownLater(joined, given, context),
    ...knownTimeUnknown(joined, given),
    ...atTheLabelTime(joined, given, context),
  ];
}

/** The columns of these of the view's features, in the view's order. */
const columnsOf = ({ planned }: JoinedHistory, features: readonly FeatureDefinition[]): string[] =>
  planned.features
    .filter((feature) => features.includes(feature))
    .map(({ name }) => `${planned.alias}__${name}`);

function knownLater(
  joined: JoinedHistory,
  given: readonly GivenTimes[],
  { asKnown }: ViewContext,
): SetWarning[] {
  const { time, planned } = joined;
  // Where each row's own time is the cut-off, nothing later was used.
  if (asKnown === 'row') return [];
  const parts = given.flatMap(({ features, known }) => (known === null ? [] : [{ features, known }]));
  const late = parts.filter(({ known }) => summarise(latenessOf(time, [known])) !== null);
  const all = summarise(
    latenessOf(
      time,
      late.map(({ known }) => known),
    ),
  );
  if (all === null) return [];
  return [
    {
      code: 'KNOWN_LATER',
      severity: 'leak',
      view: planned.view.name,
      columns: columnsOf(
        joined,
        late.flatMap(({ features }) => features),
      ),
      rows: all.rows,
      of: time.length,
      medianLatenessMs: all.medianMicros / MICROS_PER_MILLI,
    },
  ];
}

function knownTimeUnknown(joined: JoinedHistory, given: readonly GivenTimes[]): SetWarning[] {
  const { planned, view, time } = joined;
  const ofRow = given.find(({ window }) => window === null);
  const isUntold = view.history.known === null;
  const rows = isUntold ? time.length : ofRow === undefined ? 0 : rowsWithoutKnown(ofRow);
  if (rows === 0) return [];
  return [
    {
      code: 'KNOWN_TIME_UNKNOWN',
      severity: 'note',
      view: planned.view.name,
      columns: columnsOf(joined, isUntold ? planned.features : ofRow!.features),
      rows,
      of: time.length,
    },
  ];
}

const rowsWithoutKnown = ({ event, known }: GivenTimes): number =>
  event.reduce((sum, at, row) => sum + (!Number.isNaN(at) && Number.isNaN(known![row]!) ? 1 : 0), 0);

function atTheLabelTime(
  joined: JoinedHistory,
  given: readonly GivenTimes[],
  context: ViewContext,
): SetWarning[] {
  const { planned, source, view, time } = joined;
  const isOwnRow = isOwnTable(joined, context);
  const about = { view: planned.view.name, dataset: source.dataset.name, isOwnRow };
  // A fact that says it was known by then may be used; that leaves the row's own outcome, which only a person can tell.
  const saysSo = view.history.known !== null && context.asKnown === 'row';
  const reached = given
    .filter(({ window }) => window?.exclusive !== true)
    .map(({ features, window, event }) => ({ features, window, share: sameInstant(time, event) }))
    .filter(({ share }) => isNearlyAlways(share));
  const warnings: SetWarning[] = [];
  const windows = reached.filter(({ window }) => window !== null);
  if (windows.length > 0) {
    const features = windows.flatMap((one) => one.features);
    const readsValues = features.some(({ aggregate }) => aggregate!.of !== '*');
    warnings.push({
      code: 'AT_THE_LABEL_TIME',
      severity: !isOwnRow ? 'note' : readsValues && !saysSo ? 'leak' : 'attention',
      ...about,
      columns: columnsOf(joined, features),
      through: 'window',
      ...greatest(windows.map(({ share }) => share)),
    });
  }
  for (const { features, share } of reached.filter(({ window }) => window === null)) {
    warnings.push({
      code: 'AT_THE_LABEL_TIME',
      severity: isOwnRow ? 'attention' : 'note',
      ...about,
      columns: columnsOf(joined, features),
      through: 'row',
      ...share,
    });
  }
  return warnings;
}

const isNearlyAlways = ({ rows, of }: SameInstant): boolean =>
  of >= LEAST_ROWS && rows >= SAME_INSTANT_SHARE * of;

const greatest = (shares: readonly SameInstant[]): SameInstant =>
  shares.reduce((best, one) => (one.rows > best.rows ? one : best));
