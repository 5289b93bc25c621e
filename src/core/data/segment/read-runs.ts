import type { Extent } from './layout.ts';

/** Sealed files are opened in pieces of a mebibyte: a gap below that costs nothing to read along. */
const GAP_BYTES = 1_048_576;
const RUN_BYTES = 8_388_608;

/** Neighbouring extents that are read at once. */
export interface ReadRun<Tag> {
  readonly offset: number;
  readonly bytes: number;
  readonly extents: readonly { readonly extent: Extent; readonly tag: Tag }[];
}

/**
 * Extents gathered into few reads in file order, so that no piece of a sealed file is opened for each of them. A run is
 * bounded, but for an extent that is larger by itself.
 */
export function readRuns<Tag>(
  wanted: readonly { readonly extent: Extent; readonly tag: Tag }[],
): ReadRun<Tag>[] {
  const inOrder = [...wanted].sort((a, b) => a.extent.offset - b.extent.offset);
  const runs: { offset: number; bytes: number; extents: { extent: Extent; tag: Tag }[] }[] = [];
  for (const one of inOrder) {
    const { offset, stored } = one.extent;
    const last = runs.at(-1);
    const end = offset + stored;
    if (
      last !== undefined &&
      offset - (last.offset + last.bytes) < GAP_BYTES &&
      end - last.offset <= RUN_BYTES
    ) {
      last.bytes = Math.max(last.bytes, end - last.offset);
      last.extents.push(one);
    } else {
      runs.push({ offset, bytes: stored, extents: [one] });
    }
  }
  return runs;
}
