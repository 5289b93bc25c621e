import type { ImportInput } from '../../../shared/contract/types.ts';
import type { DatasetDefinition, Expectation } from '../../../shared/definitions/datasets.ts';
import { FalajError } from '../../../shared/errors.ts';
import type { StoredDataset } from '../dataset-table.ts';

/** What an import is to make: what was said, then what the dataset has, then what its definition says. */
export interface ImportPlan {
  readonly input: ImportInput;
  /** The version that was the newest when the import began. */
  readonly newest: StoredDataset | null;
  /** The version whose history the new one goes on with; null when it starts anew. */
  readonly base: StoredDataset | null;
  readonly eventTime: string | null;
  readonly knownTime: string | null;
  readonly keys: readonly string[];
  readonly labels: string[];
  readonly purposes: string[];
  readonly expectations: readonly Expectation[];
}

export function planImport(
  input: ImportInput,
  newest: StoredDataset | null,
  definition: DatasetDefinition | null,
): ImportPlan {
  const base = input.mode === 'replace' ? null : newest;
  const labels = said(input.labels) ?? definition?.labels ?? [];
  const plan = {
    input,
    newest,
    base,
    eventTime: timeColumn('event time', input.eventTime, base?.eventTime, definition?.eventTime),
    knownTime: timeColumn('known time', input.knownTime, base?.knownTime, definition?.knownTime),
    keys: keysOf(input, base, definition),
    // What is confidential in the parts that are there stays so in the whole.
    labels: [...new Set([...(base?.labels ?? []), ...labels])],
    purposes: said(input.purposes) ?? base?.purposes ?? definition?.purposes ?? [],
    expectations: definition?.expectations ?? [],
  };
  if (input.mode === 'upsert') assertIdentity(plan);
  return plan;
}

const said = (values: string[]): string[] | undefined => (values.length === 0 ? undefined : values);

/** Rows that are added keep to the times of the dataset: those that are there were never checked for another. */
function timeColumn(
  what: string,
  asked: string | undefined,
  kept: string | null | undefined,
  defined: string | undefined,
): string | null {
  if (kept === undefined) return asked ?? defined ?? null;
  if (asked === undefined || asked === kept) return kept;
  throw new FalajError(
    'BAD_INPUT',
    `The ${what} of the dataset is ${kept === null ? 'not set' : `"${kept}"`}, so "${asked}" cannot be it for the rows that are added.`,
    { hint: 'Leave it out, or replace the dataset.', details: { column: asked } },
  );
}

function keysOf(
  input: ImportInput,
  base: StoredDataset | null,
  definition: DatasetDefinition | null,
): readonly string[] {
  const asked = said(input.keys);
  const kept = said(base?.keys ?? []);
  if (asked === undefined) return kept ?? definition?.keys ?? [];
  if (kept === undefined || (kept.length === asked.length && kept.every((key) => asked.includes(key))))
    return asked;
  throw new FalajError(
    'BAD_INPUT',
    `The keys of the dataset are ${kept.join(', ')}, not ${asked.join(', ')}.`,
    {
      hint: 'Leave --keys out, or replace the dataset.',
      details: { keys: kept },
    },
  );
}

/** Without keys and event time nothing says which row another corrects. */
function assertIdentity({ input, keys, eventTime }: Omit<ImportPlan, 'newest' | 'base'>): void {
  if (keys.length === 0) {
    throw new FalajError('BAD_INPUT', `An upsert into "${input.name}" needs to know its keys.`, {
      hint: 'Name the columns that tell rows of one time apart: --keys a,b',
      details: { field: 'keys' },
    });
  }
  if (eventTime === null) {
    throw new FalajError('BAD_INPUT', `An upsert into "${input.name}" needs an event time.`, {
      hint: 'Name its column: --event-time COLUMN. A dataset without one has to be replaced first.',
      details: { field: 'eventTime' },
    });
  }
}
