import type { FeatureDefinition } from '../../../../shared/definitions/features.ts';
import type { Column, NumberColumn, Table } from '../../../../shared/table/column.ts';
import { aggregateRequests } from '../../join/aggregate-requests.ts';
import type { JoinedHistory } from '../../join/join-features.ts';
import { numbers } from '../../join/time-columns.ts';

/** The times of what some of a view's features were made from, per row of the spine; NaN where there was nothing. */
export interface GivenTimes {
  readonly features: readonly FeatureDefinition[];
  /** Null for features of one row. */
  readonly window: { readonly exclusive: boolean } | null;
  /** When the newest of it was true. */
  readonly event: Float64Array;
  /** When the latest of it became known; null where the history does not say. */
  readonly known: Float64Array | null;
}

/** No column of a file is called so. */
const EVENT = '\u0000event';
const KNOWN = '\u0000known';

/** Asks a joined view for its own times, as if they were features: of the row that won, and of all rows in a window. */
export async function givenTimes(
  { view, planned, time }: JoinedHistory,
  spine: Table,
): Promise<GivenTimes[]> {
  const { history } = view;
  const names = history.known === null ? [EVENT] : [EVENT, KNOWN];
  const groups = groupsOf(planned.features);
  const features = groups.flatMap(({ ask }, group) =>
    names.map((name): FeatureDefinition => ({ name: `${group}${name}`, type: 'float64', ...ask(name) })),
  );
  const times = [timesColumn(EVENT, history.event)];
  if (history.known !== null) times.push(timesColumn(KNOWN, history.known));
  const table = { ...history.table, columns: [...history.table.columns, ...times] };
  const asked = view.reading({ ...history, table }, { ...planned, features });
  const { columns } = await asked.columns(spine, time);
  return groups.map(({ features: of, window }, group) => {
    const [event, known] = columns
      .slice(group * names.length, (group + 1) * names.length)
      .map((column: Column) => numbers(column));
    return { features: of, window, event: event!, known: known ?? null };
  });
}

const timesColumn = (name: string, values: Float64Array): NumberColumn => ({
  name,
  type: 'float64',
  values,
  validity: null,
});

interface Group {
  readonly features: FeatureDefinition[];
  readonly window: GivenTimes['window'];
  /** How the features of this group would ask for a column. */
  readonly ask: (name: string) => Pick<FeatureDefinition, 'column' | 'aggregate'>;
}

/** Features that are made from the same rows: those of one row, and each window once, whatever is aggregated over it. */
function groupsOf(features: readonly FeatureDefinition[]): Group[] {
  const ofRow = features.filter(({ aggregate }) => aggregate === undefined);
  const groups = new Map<string, Group>();
  for (const request of aggregateRequests(features)) {
    const { windowMicros, exclusive } = request;
    const id = `${windowMicros} ${exclusive}`;
    const { window } = request.features[0]!.aggregate!;
    const ask: Group['ask'] = (name) => ({ aggregate: { fn: 'max', of: name, window, exclusive } });
    const group = groups.get(id) ?? { features: [], window: { exclusive }, ask };
    group.features.push(...request.features);
    groups.set(id, group);
  }
  const row: Group = { features: ofRow, window: null, ask: (name) => ({ column: name }) };
  return [...(ofRow.length === 0 ? [] : [row]), ...groups.values()];
}
