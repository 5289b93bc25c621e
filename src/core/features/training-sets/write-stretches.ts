import type { JoinedPart } from '../join/join-features.ts';
import type { PlannedView } from '../join/join-plan.ts';
import type { DraftSet } from './build-set.ts';
import type { SetHashes } from './describe-set.ts';
import { partColumns, type SetColumn, spineColumns } from './set-columns.ts';
import { type StretchTarget, StretchWriter, type StretchWriterOptions } from './stretch-writer.ts';

export interface WriteStretchesOptions extends StretchWriterOptions {
  readonly onProgress: (fraction: number) => void;
}

export interface WrittenStretches {
  /** Null unless they were wanted. */
  readonly hashes: SetHashes | null;
  /** Per view with features that are taken from one row, rows that got nothing because the row that held was too old. */
  readonly expiredRows: ReadonlyMap<PlannedView, number>;
}

/**
 * Writes a set as Parquet, part of its columns after part, each a row group at a time: threads look up a stretch's features,
 * hash and encode them while the one before is written. In memory beside the spine and the histories of the views that are
 * worked on are the stretches on their way, whatever the set's length and width.
 *
 * @param target null where only the hashes are wanted.
 */
export async function writeStretches(
  target: StretchTarget | null,
  draft: DraftSet,
  options: WriteStretchesOptions,
): Promise<WrittenStretches> {
  const { spine, names } = draft;
  const writer = new StretchWriter(target, spine.rows, options);
  const expiredRows = new Map<PlannedView, number>();
  const width = spine.columns.length;
  const work = width + names.length + draft.windows;
  let computed = 0;
  const tell = (): void => options.onProgress((writer.columnsWritten + computed) / work);

  // The rows' own columns go with the first features.
  let first: readonly SetColumn[] = spineColumns(spine.columns);
  const write = async (part: JoinedPart | null): Promise<void> => {
    const features =
      part === null
        ? []
        : partColumns(part, (feature) => {
            const place = draft.placeOf(part.planned, feature);
            return { name: names[place]!, place: width + place };
          });
    const columns = [...first, ...features];
    first = [];
    const asked = part?.kind === 'stretches' ? part.asked : null;
    const expired = await writer.write(columns, asked, tell);
    if (part !== null && asked !== null) expiredRows.set(part.planned, expired);
  };
  await draft.parts(write, (columns) => {
    computed = columns;
    tell();
  });
  if (first.length > 0) await write(null);
  const all = await writer.finish();
  const hashes = all === null ? null : { spine: all.slice(0, width), features: all.slice(width) };
  return { hashes, expiredRows };
}
