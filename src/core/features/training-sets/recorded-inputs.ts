import type { Dataset, ReceiptDifference, TrainingSetReceipt } from '../../../shared/contract/types.ts';
import { FalajError, isFalajError } from '../../../shared/errors.ts';
import type { DataRoom } from '../../data/index.ts';
import type { DefinitionKind } from '../definitions/definition.ts';
import type { DefinitionRevision } from '../definitions/definition-history.ts';
import type { RevisionLookup } from '../definitions/recording-catalogue.ts';
import type { PlannedView } from '../join/join-plan.ts';
import type { SourceVersion } from '../join/known-source.ts';

/** What a receipt says that its set was made of, looked up as it was then. */
export interface RecordedInputs {
  readonly lookUp: RevisionLookup;
  sourceOf(planned: PlannedView): SourceVersion;
  readonly differences: readonly ReceiptDifference[];
}

export interface RecordedFrom {
  readonly data: Pick<DataRoom, 'get'>;
  /** Newest first. */
  history<Kind extends DefinitionKind>(kind: Kind, name: string): DefinitionRevision<Kind>[];
}

/** Finds the recorded definitions and data versions; whatever is gone or no longer the same is a difference. */
export function recordedInputs(receipt: TrainingSetReceipt, from: RecordedFrom): RecordedInputs {
  const differences: ReceiptDifference[] = [];
  for (const recorded of receipt.definitions) {
    const difference = checkDefinition(recorded, from);
    if (difference !== null) differences.push(difference);
  }
  const datasets = new Map<string, Dataset>();
  for (const recorded of receipt.data) {
    const found = findDataset(recorded, from.data);
    if ('message' in found) differences.push(found);
    else datasets.set(recorded.view, found);
  }
  return {
    differences,
    lookUp: (kind, reference) => {
      const recorded = receipt.definitions.find((one) => one.kind === kind && one.reference === reference);
      const { name, revision } = recorded ?? unnamed(`${kind} "${reference}"`);
      return from.history(kind, name).find((one) => one.revision === revision)!;
    },
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

function findDataset(
  recorded: { readonly name: string; readonly version: number; readonly digest: string },
  data: Pick<DataRoom, 'get'>,
): Dataset | ReceiptDifference {
  const { name, version, digest } = recorded;
  const difference = (what: string): ReceiptDifference => ({
    kind: 'data',
    name: `${name}@${version}`,
    message: `Version ${version} of dataset "${name}" ${what}.`,
  });
  try {
    const dataset = data.get({ name, version });
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
