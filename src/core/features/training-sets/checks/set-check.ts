import path from 'node:path';
import type { CheckedFeature, SetCheck, SetWarning } from '../../../../shared/contract/types.ts';
import { type Column, cellToJson, isPresent } from '../../../../shared/table/column.ts';
import type { JobContext } from '../../../jobs/index.ts';
import { RecordingCatalogue } from '../../definitions/recording-catalogue.ts';
import { knownSources } from '../../join/known-source.ts';
import { buildSet, cutOff, planSet, startSet } from '../build-set.ts';
import { type BuiltSet, expiredRows, rowsWithoutTime } from '../describe-set.ts';
import { checkSpine, labelColumn, readSpine } from '../spine-file.ts';
import { queryOf, type SetRequest, type TrainingSetsOptions } from '../training-sets.ts';
import { CheckedRows, type PreviewRows } from './checked-rows.ts';
import { labelFindings } from './label-warnings.ts';
import { viewWarnings } from './view-warnings.ts';

export interface CheckInput extends Omit<SetRequest, 'names'> {
  readonly entities: string;
  /** The column of the entities that is to be predicted. */
  readonly label?: string | undefined;
  /** How many rows are kept to be looked at. */
  readonly rows: number;
}

/** The share of the work that is done once the features are joined. */
const JOINED = 0.8;

/** Builds a set in memory and looks for what it tells that could not be known. */
export class SetChecks {
  readonly #options: TrainingSetsOptions;
  readonly #rows = new CheckedRows();

  constructor(options: TrainingSetsOptions) {
    this.#options = options;
  }

  async check(context: JobContext, input: CheckInput): Promise<SetCheck> {
    const { signal } = context;
    const { data, sources, definitions, threads } = this.#options;
    const query = queryOf({ ...input, names: 'full' });
    const planned = planSet(
      query,
      new RecordingCatalogue((kind, reference) => definitions.revision(kind, reference)),
    );
    context.progress({ step: 'load', fraction: 0 });
    const asKnown = cutOff(query.asKnown);
    const sourceOf = knownSources(data, sources, asKnown);
    const started = startSet(sources, { ...planned, sourceOf, threads, signal });
    const spine = await readSpine(data, input.entities, {
      eventTime: input.eventTime,
      signal,
      meanwhile: () => started.join.load(),
    });
    checkSpine(spine, { file: input.entities, eventTime: input.eventTime, views: planned.views });
    const label = input.label === undefined ? null : labelColumn(spine, input.entities, input.label);
    const viewContext = { spine, eventTime: input.eventTime, label: label?.name ?? null, asKnown };
    const warnings: SetWarning[] = [];
    const set = await buildSet(started, {
      spine,
      source: { kind: 'file', file: path.resolve(input.entities) },
      onHistory: async (joined) => {
        warnings.push(...(await viewWarnings(joined, viewContext)));
      },
      onProgress: (fraction) => context.progress({ step: 'join', fraction: JOINED * fraction }),
    });
    const features = featuresOf(set);
    const found =
      label === null
        ? null
        : await labelFindings(label, features, {
            rows: spine.rows,
            signal,
            onProgress: (fraction) =>
              context.progress({ step: 'check', fraction: JOINED + (1 - JOINED) * fraction }),
          });
    this.#rows.keep(context.id, previewOf(set, input.rows));
    return {
      rows: spine.rows,
      rowsWithoutTime: rowsWithoutTime(spine, input.eventTime),
      label: found === null ? null : { name: label!.name, sampledRows: found.sampledRows },
      features: features.map(({ column: { name, type }, view, nulls, expired }) => ({
        name,
        type,
        view,
        nulls,
        expired,
      })),
      warnings: byGravity([...warnings, ...(found?.warnings ?? [])], set),
    };
  }

  /**
   * The first rows of a set that was checked by this job.
   *
   * @throws NOT_FOUND.
   */
  rows(input: { job: string }): PreviewRows {
    return this.#rows.get(input.job);
  }
}

type FoundFeature = Omit<CheckedFeature, 'name' | 'type'> & { readonly column: Column };

function featuresOf({ joined, views, spine }: BuiltSet): FoundFeature[] {
  const names = views.flatMap(({ planned }) => planned.features.map(() => planned.view.name));
  const expired = views.flatMap(expiredRows);
  return joined.map((column, index) => ({
    column,
    view: names[index]!,
    nulls: nullsOf(column, spine.rows),
    expired: expired[index]!,
  }));
}

function nullsOf(column: Column, rows: number): number {
  if (column.validity === null) return 0;
  let nulls = 0;
  for (let row = 0; row < rows; row++) if (!isPresent(column, row)) nulls++;
  return nulls;
}

function previewOf({ spine, joined }: BuiltSet, limit: number): PreviewRows {
  const columns = [...spine.columns, ...joined];
  return {
    columns: columns.map(({ name, type }) => ({ name, type })),
    rows: Array.from({ length: Math.min(limit, spine.rows) }, (_, row) =>
      columns.map((column) => cellToJson(column, row)),
    ),
    totalRows: spine.rows,
  };
}

const GRAVITY = { leak: 0, attention: 1, note: 2 } as const;

/** The gravest first, then in the order of the columns: views are joined side by side, and end in any order. */
function byGravity(warnings: readonly SetWarning[], { joined }: BuiltSet): SetWarning[] {
  const place = (warning: SetWarning): number =>
    'columns' in warning ? joined.findIndex(({ name }) => name === warning.columns[0]) : joined.length;
  return [...warnings].sort(
    (left, right) => GRAVITY[left.severity] - GRAVITY[right.severity] || place(left) - place(right),
  );
}
