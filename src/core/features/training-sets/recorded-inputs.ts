import type { Dataset, ReceiptDifference, TrainingSetReceipt } from '../../../shared/contract/types.ts';
import { FalajError, isFalajError } from '../../../shared/errors.ts';
import type { ColumnSchema } from '../../../shared/table/column.ts';
import type { DefinitionKind } from '../definitions/definition.ts';
import type { DefinitionRevision } from '../definitions/definition-history.ts';
import type { RevisionLookup } from '../definitions/recording-catalogue.ts';
import type { PlannedView } from '../join/join-plan.ts';
import type { SourceVersion } from '../join/known-source.ts';
import { pushedColumns, pushedViewOf, type RecordedData } from '../pushed-source.ts';

/** What a receipt says that its set was made of, looked up as it was then. */
export interface RecordedInputs {
  sourceOf(planned: PlannedView): SourceVersion;
  readonly differences: readonly ReceiptDifference[];
}

/** All that a definition ever was, newest first. */
type History = <Kind extends DefinitionKind>(kind: Kind, name: string) => DefinitionRevision<Kind>[];

export interface RecordedFrom {
  readonly data: Pick<RecordedData, 'digested'>;
  readonly history: History;
}

/** Finds definitions as the receipt names them. */
export const recordedDefinitions =
  (receipt: TrainingSetReceipt, history: History): RevisionLookup =>
  (kind, reference) => {
    const recorded = receipt.definitions.find((one) => one.kind === kind && one.reference === reference);
    const { name, revision } = recorded ?? unnamed(`${kind} "${reference}"`);
    const found = history(kind, name).find((one) => one.revision === revision);
    if (found !== undefined) return found;
    throw new FalajError('NOT_FOUND', `${kind} "${name}" is not there as it was recorded.`);
  };

/** What the rows pushed to a view hold, by all recorded versions of it. */
export function recordedColumns(
  receipt: TrainingSetReceipt,
  view: string,
  lookUp: RevisionLookup,
): ColumnSchema[] {
  const columns = receipt.definitions
    .filter(({ kind, name }) => kind === 'FeatureView' && name === view)
    .flatMap(({ reference }) => {
      const { definition } = lookUp('FeatureView', reference);
      return pushedColumns(
        definition,
        definition.entities.map((entity) => lookUp('Entity', entity).definition),
      );
    });
  return [...new Map(columns.map((column) => [column.name, column])).values()];
}

/** Finds the recorded definitions and data versions; whatever is gone or no longer the same is a difference. */
export async function recordedInputs(
  receipt: TrainingSetReceipt,
  from: RecordedFrom,
): Promise<RecordedInputs> {
  const differences: ReceiptDifference[] = [];
  for (const recorded of receipt.definitions) {
    const difference = checkDefinition(recorded, from);
    if (difference !== null) differences.push(difference);
  }
  const datasets = new Map<string, Dataset>();
  for (const recorded of receipt.data) {
    const found = await findDataset(recorded, from.data);
    if ('message' in found) differences.push(found);
    else datasets.set(recorded.view, found);
  }
  return {
    differences,
    // A view that others read through is asked for under its own name, not under theirs.
    sourceOf: ({ reference }) => {
      const recorded =
        receipt.data.find(({ through }) => through.at(-1) === reference) ?? unnamed(`data of "${reference}"`);
      return {
        dataset: datasets.get(recorded.view)!,
        known: recorded.sequence > 0 || recorded.rows === 0,
      };
    },
  };
}

type RecordedDefinition = TrainingSetReceipt['definitions'][number];

function checkDefinition(recorded: RecordedDefinition, from: RecordedFrom): ReceiptDifference | null {
  const { kind, name, version, revision, digest } = recorded;
  const kept = from.history(kind, name).find((one) => one.revision === revision);
  if (kept !== undefined && kept.digest === digest) return null;
  return {
    kind: 'definition',
    name: `${kind}/${name}@${version}`,
    message:
      kept === undefined
        ? `${kind} "${name}", version ${version}, is gone.`
        : `${kind} "${name}", version ${version}, is not what it was.`,
  };
}

async function findDataset(
  recorded: { readonly name: string; readonly version: number; readonly digest: string },
  data: Pick<RecordedData, 'digested'>,
): Promise<Dataset | ReceiptDifference> {
  const { name, version, digest } = recorded;
  const view = pushedViewOf(name);
  const what = view === null ? `Version ${version} of dataset "${name}"` : `What was pushed to "${view}"`;
  const difference = (how: string): ReceiptDifference => ({
    kind: 'data',
    name: `${name}@${version}`,
    message: `${what} ${how}.`,
  });
  try {
    const dataset = await data.digested({ name, version });
    return dataset.digest === digest ? dataset : difference('has other rows than it had');
  } catch (error) {
    if (isFalajError(error) && error.code === 'NOT_FOUND') return difference('is gone');
    throw error;
  }
}

function unnamed(what: string): never {
  throw new FalajError('MALFORMED_FILE', `The receipt does not name the ${what} that its query needs.`, {
    hint: 'It was not written by this version of Falaj.',
  });
}
