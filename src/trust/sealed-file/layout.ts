import { TAG_BYTES } from './chunk-cipher.ts';
import { HEADER_BYTES } from './header.ts';
import { SealedFileError } from './sealed-file-error.ts';

/** Where the chunks of a sealed file lie. Every chunk but the last is full; only the sole chunk of an empty file is empty. */
export interface SealedLayout {
  readonly chunks: number;
  readonly contentBytes: number;
  readonly storedBytes: number;
}

export function layoutOfContent(contentBytes: number, chunkBytes: number): SealedLayout {
  const chunks = Math.max(1, Math.ceil(contentBytes / chunkBytes));
  return { chunks, contentBytes, storedBytes: HEADER_BYTES + contentBytes + chunks * TAG_BYTES };
}

/** The layout that a stored length implies. A length that no content has is refused. */
export function layoutOfStored(storedBytes: number, chunkBytes: number): SealedLayout {
  const body = storedBytes - HEADER_BYTES;
  const sealedChunkBytes = chunkBytes + TAG_BYTES;
  const chunks = Math.max(1, Math.ceil(body / sealedChunkBytes));
  const contentBytes = body - chunks * TAG_BYTES;
  const lastBytes = contentBytes - (chunks - 1) * chunkBytes;
  if (lastBytes < (chunks === 1 ? 0 : 1)) throw new SealedFileError('CUT_SHORT', storedBytes);
  return { chunks, contentBytes, storedBytes };
}

/** Offset and length of a sealed chunk in the file. */
export function chunkSpan(
  index: number,
  layout: SealedLayout,
  chunkBytes: number,
): { offset: number; length: number } {
  const offset = HEADER_BYTES + index * (chunkBytes + TAG_BYTES);
  const isLast = index === layout.chunks - 1;
  return { offset, length: isLast ? layout.storedBytes - offset : chunkBytes + TAG_BYTES };
}
