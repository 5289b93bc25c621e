import type { ColumnSchema } from '../../../shared/table/column.ts';
import type { BlobStore } from '../../store/index.ts';
import { findCorrections } from '../history/corrections.ts';
import { type Arrival, MAX_PARTS, type Part, type VersionPart } from '../history/part.ts';
import { type OpenPart, openParts } from '../history/part-reader.ts';
import { digestOfGroups, regroup } from '../history/regroup.ts';
import { packMask, type SupersededMask } from '../history/superseded-mask.ts';
import { SegmentWriter } from '../segment/writer.ts';
import type { Staging } from './staging.ts';

interface DraftPart {
  readonly open: OpenPart;
  /** As it is kept; its mask is written again when `open` has another. */
  readonly kept: VersionPart;
  readonly keptMask: SupersededMask | null;
}

/** The parts of a version that is being made: those that it goes on with, then those that were added. */
export class DraftParts {
  readonly #blobs: BlobStore;
  readonly #columns: readonly ColumnSchema[];
  readonly #baseParts: number;
  #parts: DraftPart[];

  private constructor(
    blobs: BlobStore,
    columns: readonly ColumnSchema[],
    parts: DraftPart[],
    baseParts: number,
  ) {
    this.#blobs = blobs;
    this.#columns = columns;
    this.#parts = parts;
    this.#baseParts = baseParts;
  }

  static async open(
    blobs: BlobStore,
    columns: readonly ColumnSchema[],
    base: readonly VersionPart[],
    added: readonly Part[],
  ): Promise<DraftParts> {
    const all = [...base, ...added.map((part) => ({ part, supersededRows: 0, supersededBlob: null }))];
    const opened = await openParts(blobs, all);
    const parts = opened.map((open, index) => ({ open, kept: all[index]!, keptMask: open.mask }));
    return new DraftParts(blobs, columns, parts, base.length);
  }

  get all(): OpenPart[] {
    return this.#parts.map(({ open }) => open);
  }

  get before(): OpenPart[] {
    return this.all.slice(0, this.#baseParts);
  }

  get added(): OpenPart[] {
    return this.all.slice(this.#baseParts);
  }

  /** Rows that are no longer current because of rows that were added. */
  async correct(identity: readonly ColumnSchema[]): Promise<void> {
    for (let index = this.#baseParts; index < this.#parts.length; index++) {
      const { all } = this;
      for (const { part, mask } of await findCorrections(all.slice(0, index), all[index]!, identity)) {
        const at = all.indexOf(part);
        this.#parts[at] = { ...this.#parts[at]!, open: { ...part, mask } };
      }
    }
  }

  /** Puts all parts into one when there are too many: the same rows in the same order, corrected ones too. */
  async compact(staging: Staging, signal: AbortSignal): Promise<void> {
    if (this.#parts.length <= MAX_PARTS) return;
    const { all } = this;
    const writer = new SegmentWriter(this.#columns);
    const groups = regroup(all, this.#columns, { withSuperseded: true, signal });
    const staged = staging.add(await this.#blobs.write(writer.bytes(groups), { signal }));
    const { rows, digest, directoryOffset, directoryBytes } = writer.summary;
    const part: Part = {
      rows,
      digest,
      source: `${all[0]!.part.source} and ${all.length - 1} more`,
      arrivals: joinArrivals(all),
      blobId: staged.id,
      directoryOffset,
      directoryBytes,
      storedBytes: staged.storedBytes,
    };
    const kept = { part, supersededRows: 0, supersededBlob: null };
    const [opened] = await openParts(this.#blobs, [kept]);
    this.#parts = [{ open: { ...opened!, mask: joinMasks(all, rows) }, kept, keptMask: null }];
  }

  /** The content digest of the current rows: that of one import of them. */
  digest(signal: AbortSignal): Promise<string> {
    const [only] = this.all;
    if (this.#parts.length === 1 && only!.mask === null) return Promise.resolve(only!.part.digest);
    return digestOfGroups(this.#columns, regroup(this.all, this.#columns, { withSuperseded: false, signal }));
  }

  /** The parts as the version will keep them, with the masks that have changed written. */
  async settle(staging: Staging): Promise<VersionPart[]> {
    const settled: VersionPart[] = [];
    for (const { open, kept, keptMask } of this.#parts) {
      const { part, mask } = open;
      if (mask === keptMask || mask === null) settled.push(kept);
      else {
        const staged = staging.add(await this.#blobs.write(await packMask(mask)));
        settled.push({ part, supersededRows: countSuperseded(mask), supersededBlob: staged.id });
      }
    }
    return settled;
  }
}

function countSuperseded(mask: SupersededMask): number {
  let count = 0;
  for (let row = 0; row < mask.length; row++) count += mask[row]!;
  return count;
}

function joinMasks(parts: readonly OpenPart[], rows: number): SupersededMask | null {
  if (parts.every(({ mask }) => mask === null)) return null;
  const joined = new Uint8Array(rows);
  let at = 0;
  for (const { part, mask } of parts) {
    if (mask !== null) joined.set(mask, at);
    at += part.rows;
  }
  return joined;
}

function joinArrivals(parts: readonly OpenPart[]): Arrival[] {
  const joined: Arrival[] = [];
  for (const arrival of parts.flatMap(({ part }) => part.arrivals)) {
    const last = joined.at(-1);
    if (last?.importedAtMs !== arrival.importedAtMs) joined.push(arrival);
    else joined[joined.length - 1] = { ...last, rows: last.rows + arrival.rows };
  }
  return joined;
}
