/** Why a sealed file is refused. Each is its own finding, so that a report can say what happened to the file. */
export type SealedFileReason =
  | 'NOT_SEALED'
  | 'UNSUPPORTED_VERSION'
  | 'BAD_HEADER'
  | 'HEADER_CHANGED'
  | 'OTHER_FILE'
  | 'OTHER_VERSION'
  | 'CUT_SHORT'
  | 'LAST_CHUNK_MISSING'
  | 'TRAILING_BYTES'
  | 'CHUNK_CHANGED'
  | 'CHUNK_MOVED';

const SENTENCES: Readonly<Record<SealedFileReason, string>> = {
  NOT_SEALED: 'It is not a sealed file.',
  UNSUPPORTED_VERSION: 'It was sealed by a newer version.',
  BAD_HEADER: 'Its header is malformed.',
  HEADER_CHANGED: 'Its header was changed, or it was sealed under another key.',
  OTHER_FILE: 'It is another sealed file put in this place.',
  OTHER_VERSION: 'It is another version of this file.',
  CUT_SHORT: 'Its end is missing.',
  LAST_CHUNK_MISSING: 'Its last chunk is missing.',
  TRAILING_BYTES: 'Something was added at its end.',
  CHUNK_CHANGED: 'A chunk of it was changed.',
  CHUNK_MOVED: 'A chunk of it stands in the wrong place.',
};

export class SealedFileError extends Error {
  override readonly name = 'SealedFileError';
  readonly reason: SealedFileReason;
  /** Where in the sealed bytes the finding is; null when it concerns the whole file. */
  readonly offset: number | null;

  constructor(reason: SealedFileReason, offset: number | null = null) {
    super(SENTENCES[reason]);
    this.reason = reason;
    this.offset = offset;
  }
}
