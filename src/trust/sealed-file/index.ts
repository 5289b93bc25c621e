export { TAG_BYTES } from './chunk-cipher.ts';
export {
  DATA_KEY_BYTES,
  DEFAULT_CHUNK_BYTES,
  FILE_ID_BYTES,
  HEADER_BYTES,
  MIN_CHUNK_BYTES,
  NONCE_PREFIX_BYTES,
  type SealedHeader,
} from './header.ts';
export { layoutOfContent, type SealedLayout } from './layout.ts';
export { openBytes, sealBytes } from './seal-bytes.ts';
export { SealedFileError, type SealedFileReason } from './sealed-file-error.ts';
export { type SealedExpectation, SealedReader } from './sealed-reader.ts';
export { SealedWriter } from './sealed-writer.ts';
