import type { ImportInput } from '../../../shared/contract/types.ts';
import type { DatasetDefinition } from '../../../shared/definitions/datasets.ts';
import { FalajError } from '../../../shared/errors.ts';
import type { ColumnSchema } from '../../../shared/table/column.ts';
import type { AuditLog } from '../../audit/index.ts';
import type { BlobStore, Store } from '../../store/index.ts';
import { type DatasetTable, ownerOf, type StoredDataset } from '../dataset-table.ts';
import { checkExpectations } from '../expectations/check-expectations.ts';
import type { Part } from '../history/part.ts';
import { PROFILED_CELLS, profileParts } from '../profile-parts.ts';
import type { StartReader } from '../reader/reader-processes.ts';
import { DraftParts } from './draft-parts.ts';
import { type ImportPlan, planImport } from './import-plan.ts';
import {
  fromFiles,
  type ImportContext,
  type ImportSource,
  type StagedPart,
  stagePart,
} from './stage-part.ts';
import { Staging } from './staging.ts';

export interface ImporterOptions {
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly audit: AuditLog;
  readonly table: DatasetTable;
  /** Where the processes that read files come from; each is a new one unless said. */
  readonly startReader?: StartReader;
  /** The definition of kind Dataset that is applied under a name. */
  readonly definition: (name: string) => DatasetDefinition | null;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
}

export interface Imported {
  /** The version that now holds the rows. */
  readonly version: number;
  readonly alreadyImported: boolean;
}

/** Makes the next version of a dataset out of files: read, checked and sealed first, then kept in one transaction. */
export class DatasetImporter {
  readonly #options: ImporterOptions;

  constructor(options: ImporterOptions) {
    this.#options = options;
  }

  async import(context: ImportContext, input: ImportInput, source?: ImportSource): Promise<Imported> {
    const { blobs, table, definition } = this.#options;
    const plan = planImport(input, table.find(input.name) ?? null, definition(input.name));
    const staging = new Staging(blobs);
    try {
      const staged = await this.#stage(context, plan, staging, source);
      if (staged.length === 0) return { version: plan.base!.version, alreadyImported: true };
      return await this.#make(context, plan, staged, staging);
    } finally {
      staging.discard();
    }
  }

  /** The files as sealed parts: one for all files of a replacement, else one for each that is not there already. */
  async #stage(
    context: ImportContext,
    plan: ImportPlan,
    staging: Staging,
    source: ImportSource | undefined,
  ): Promise<StagedPart[]> {
    const { input, base } = plan;
    const staged: StagedPart[] = [];
    const files = input.mode === 'replace' ? [input.files] : input.files.map((file) => [file]);
    for (const some of files) {
      const part = await stagePart(
        this.#options.blobs,
        {
          ...plan,
          dataset: input.name,
          files: some,
          format: input.format,
          every: input.every,
          derive: input.derive,
          columns: base?.columns ?? staged[0]?.columns ?? null,
        },
        context,
        source ?? fromFiles(this.#options.startReader),
      );
      staging.add(part.staged);
      const known = this.#knownSince(plan, part, staged);
      if (known === null) staged.push(part);
      else context.log('info', `"${part.source}" is not imported again: its rows are already in ${known}.`);
    }
    return staged;
  }

  #knownSince(
    { input, base }: ImportPlan,
    { summary }: StagedPart,
    staged: readonly StagedPart[],
  ): string | null {
    if (input.mode === 'replace') return null;
    const same = staged.find((other) => other.summary.digest === summary.digest);
    if (same !== undefined) return `"${same.source}"`;
    const version = base === null ? null : this.#options.table.versionOfContent(input.name, summary.digest);
    return version === null ? null : `version ${version}`;
  }

  async #make(
    context: ImportContext,
    plan: ImportPlan,
    staged: readonly StagedPart[],
    staging: Staging,
  ): Promise<Imported> {
    const { blobs, table, clock } = this.#options;
    const { input, base, newest } = plan;
    const { signal } = context;
    this.#assertNewest(plan);
    const importedAtMs = clock();
    const columns = (base?.columns ?? staged[0]!.columns).map(({ name, type }) => ({ name, type }));
    const added = staged.map((one) => toPart(one, importedAtMs));
    const draft = await DraftParts.open(blobs, columns, base?.parts ?? [], added);
    if (input.mode === 'upsert') await draft.correct(identityOf(plan, columns));
    await checkExpectations({
      name: input.name,
      expectations: plan.expectations,
      eventTime: plan.eventTime,
      columns,
      before: draft.before,
      added: draft.added,
      nowMs: importedAtMs,
    });
    await draft.compact(staging, signal);
    const digest = await draft.digest(signal);
    const parts = await draft.settle(staging);
    const dataset: StoredDataset<Part> = {
      ...describedBy(plan),
      version: table.nextVersion(input.name),
      rows: sumOf(parts, ({ part, supersededRows }) => part.rows - supersededRows),
      columns,
      addedRows: sumOf(added, (part) => part.rows),
      parts,
      source: sourcesOf(staged),
      digest,
      sizeBytes: sumOf(parts, ({ part }) => part.storedBytes),
      importedAt: new Date(importedAtMs).toISOString(),
    };
    if (input.mode === 'replace' && newest !== null && describes(newest) === describes(dataset))
      return { version: newest.version, alreadyImported: true };
    const profile =
      dataset.rows * columns.length <= PROFILED_CELLS ? await profileParts(draft.all, columns) : null;
    signal.throwIfAborted();
    this.#options.store.transaction(() => {
      this.#assertNewest(plan);
      for (const { part, supersededBlob } of parts) {
        staging.own(part.blobId, ownerOf(dataset));
        if (supersededBlob !== null) staging.own(supersededBlob, ownerOf(dataset));
      }
      table.insert(
        dataset,
        importedAtMs,
        added.map((part) => part.digest),
      );
      if (profile !== null) table.setProfile(dataset.name, dataset.version, profile);
      this.#record(dataset, base);
    });
    return { version: dataset.version, alreadyImported: false };
  }

  /** What was added to must still be what is added to. */
  #assertNewest({ input, newest }: ImportPlan): void {
    if ((this.#options.table.find(input.name)?.version ?? null) === (newest?.version ?? null)) return;
    throw new FalajError('CONFLICT', `Dataset "${input.name}" was changed while the import was running.`, {
      hint: 'Nothing was imported. Start the import again.',
    });
  }

  #record(dataset: StoredDataset<Part>, base: StoredDataset | null): void {
    this.#options.audit.append({
      action: 'data.import',
      object: `data/${dataset.name}`,
      details: {
        version: dataset.version,
        mode: dataset.mode,
        rows: dataset.rows,
        added: dataset.addedRows,
        corrected: (base?.rows ?? 0) + dataset.addedRows - dataset.rows,
        columns: dataset.columns.length,
        digest: dataset.digest,
        labels: dataset.labels.join(','),
        purposes: dataset.purposes.join(','),
      },
    });
  }
}

const describedBy = ({ input, eventTime, knownTime, keys, labels, purposes }: ImportPlan) => ({
  name: input.name,
  mode: input.mode,
  eventTime,
  knownTime,
  keys: [...keys],
  labels,
  purposes,
});

const sumOf = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0);

const toPart = ({ staged, summary, source }: StagedPart, importedAtMs: number): Part => ({
  rows: summary.rows,
  digest: summary.digest,
  source,
  arrivals: [{ rows: summary.rows, importedAtMs }],
  blobId: staged.id,
  directoryOffset: summary.directoryOffset,
  directoryBytes: summary.directoryBytes,
  storedBytes: staged.storedBytes,
});

const sourcesOf = (staged: readonly StagedPart[]): string =>
  staged.length === 1 ? staged[0]!.source : `${staged[0]!.source} and ${staged.length - 1} more`;

const identityOf = ({ keys, eventTime }: ImportPlan, columns: readonly ColumnSchema[]): ColumnSchema[] =>
  columns.filter(({ name }) => name === eventTime || keys.includes(name));

/** Everything that makes a version what it is, without when and from where it came. */
const describes = (dataset: StoredDataset<Part>): string =>
  JSON.stringify([
    dataset.digest,
    dataset.columns,
    dataset.eventTime,
    dataset.knownTime,
    dataset.keys,
    dataset.labels,
    dataset.purposes,
  ]);
