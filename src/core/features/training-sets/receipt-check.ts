import type {
  ReceiptDifference,
  ReceiptVerification,
  TrainingSetReceipt,
} from '../../../shared/contract/types.ts';
import { parseKeptReceipt } from '../../../shared/kept-receipt.ts';
import type { Table } from '../../../shared/table/column.ts';
import { combineHashes } from '../../../trust/table-hash/index.ts';
import { assertOutputFile, tableFormat } from '../../data/index.ts';
import type { JobContext } from '../../jobs/index.ts';
import { RecordingCatalogue } from '../definitions/recording-catalogue.ts';
import { withPushedRows } from '../pushed-source.ts';
import { planSet, type SpineRows, type StartedSet, startSet } from './build-set.ts';
import { describeSet, hashColumns } from './describe-set.ts';
import { recordedColumns, recordedDefinitions, recordedInputs } from './recorded-inputs.ts';
import { readSpine } from './spine-file.ts';
import { hashedSet, type StagedSet, stageSet } from './stage-set.ts';
import type { TrainingSetsOptions } from './training-sets.ts';
import { outputDifferences, readReceipt, spineDifference } from './verify-receipt.ts';

export interface VerifyInput {
  /** A receipt's file, or `training-set/ID` for one that is kept here. */
  readonly receipt: string;
  /** Instead of the recorded path. */
  readonly entities?: string | undefined;
  /** Where the rebuilt set goes, if it is wanted. */
  readonly out?: string | undefined;
}

/** Builds the set of a receipt again and compares. */
export class ReceiptCheck {
  readonly #options: TrainingSetsOptions;
  readonly #workspaceId: string;

  constructor(options: TrainingSetsOptions & { readonly workspaceId: string }) {
    this.#options = options;
    this.#workspaceId = options.workspaceId;
  }

  async verify(context: JobContext, input: VerifyInput): Promise<ReceiptVerification> {
    const { signal } = context;
    const { data, pushed, definitions, book } = this.#options;
    if (input.out !== undefined) {
      tableFormat(input.out);
      await assertOutputFile(input.out);
    }
    const kept = parseKeptReceipt(input.receipt);
    const receipt = kept === null ? await readReceipt(input.receipt) : book.get(kept);
    const refused = (differences: readonly ReceiptDifference[]): ReceiptVerification => ({
      verified: false,
      differences: [...differences],
      recorded: recordedFigures(receipt),
      rebuilt: null,
      file: null,
    });
    const unsigned = this.#signatureDifference(receipt);
    if (unsigned !== null) return refused([unsigned]);
    const lookUp = recordedDefinitions(receipt, (kind, name) => definitions.history(kind, name));
    const sources = withPushedRows(data, (view) => recordedColumns(receipt, view, lookUp), pushed);
    const recorded = await recordedInputs(receipt, {
      data: sources,
      history: (kind, name) => definitions.history(kind, name),
    });
    if (recorded.differences.length > 0) return refused(recorded.differences);

    context.progress({ step: 'load', fraction: 0 });
    const spine = await this.#recordedSpine(receipt, input.entities, signal);
    const hashing = { threads: this.#options.threads, signal };
    const spineHashes = await hashColumns(spine.columns, hashing);
    const { digest } = combineHashes(spine.rows, spineHashes);
    const other = spineDifference(receipt, { rows: spine.rows, digest, columns: spineHashes });
    if (other !== null) return refused([other]);

    const started = startSet(sources, {
      ...planSet(receipt.query, new RecordingCatalogue(lookUp)),
      sourceOf: recorded.sourceOf,
      threads: this.#options.threads,
      signal,
    });
    const rows = {
      spine,
      source: receipt.spine.source,
      onProgress: (fraction: number) => context.progress({ step: 'join', fraction: 0.9 * fraction }),
    };
    const { facts, hashes } =
      input.out === undefined
        ? await hashedSet(this.#options, started, rows, signal)
        : await this.#written(started, rows, { file: input.out, receipt, signal });
    context.progress({ step: 'verify', fraction: 0.9 });
    const { output } = describeSet(facts, hashes!);
    const differences = outputDifferences(receipt, output);
    return {
      verified: differences.length === 0 && output.contentHash === receipt.output.contentHash,
      differences,
      recorded: recordedFigures(receipt),
      rebuilt: { rows: output.rows, contentHash: output.contentHash, contentBytes: output.contentBytes },
      file: input.out ?? null,
    };
  }

  async #written(
    started: StartedSet,
    rows: SpineRows,
    { file, receipt, signal }: { file: string; receipt: TrainingSetReceipt; signal: AbortSignal },
  ): Promise<Pick<StagedSet, 'facts' | 'hashes'>> {
    const object = `training-set/${this.#options.book.idOf(receipt)}`;
    const target = { file, object, signal, withHashes: true };
    const { staged, ...set } = await stageSet(this.#options, started, rows, target);
    await staged.commit();
    return set;
  }

  #signatureDifference(receipt: TrainingSetReceipt): ReceiptDifference | null {
    if (this.#options.book.holds(receipt)) return null;
    return {
      kind: 'signature',
      name: '',
      message:
        receipt.workspace === this.#workspaceId
          ? 'The receipt is not as this workspace signed it.'
          : 'The receipt was signed by another workspace.',
    };
  }

  /** The rows that the set was built on: from the recorded place, or from the file that is said to be the same. */
  async #recordedSpine(
    { spine: { source }, query: { eventTime } }: TrainingSetReceipt,
    entities: string | undefined,
    signal: AbortSignal,
  ): Promise<Table> {
    const { data } = this.#options;
    if (entities !== undefined) return readSpine(data, entities, { eventTime, signal });
    if (source.kind === 'file') return readSpine(data, source.file, { eventTime, signal });
    return data.load({ name: source.name, version: source.version });
  }
}

const recordedFigures = ({ builtAt, output }: TrainingSetReceipt): ReceiptVerification['recorded'] => ({
  builtAt,
  rows: output.rows,
  contentHash: output.contentHash,
  contentBytes: output.contentBytes,
});
