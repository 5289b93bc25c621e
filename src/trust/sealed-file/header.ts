import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { SealedFileError } from './sealed-file-error.ts';

/**
 * Header of a sealed file, 80 bytes, big-endian:
 *
 * | offset | bytes | field |
 * |---|---|---|
 * | 0  | 8  | magic `FALAJSF` and a zero byte |
 * | 8  | 1  | format version, 1 |
 * | 9  | 1  | cipher, 1 = AES-256-GCM |
 * | 10 | 1  | chunk size as a power of two |
 * | 11 | 1  | zero |
 * | 12 | 16 | file id |
 * | 28 | 4  | version of the file's content |
 * | 32 | 7  | nonce prefix |
 * | 39 | 9  | zero |
 * | 48 | 32 | HMAC-SHA256 of bytes 0 to 47 |
 *
 * The length of the content is not in it, so that a stream of unknown length can be sealed in one pass: the last-chunk
 * flag in every nonce proves where the content ends.
 */
export const HEADER_BYTES = 80;
const MAC_OFFSET = 48;
const MAGIC = Buffer.from('FALAJSF\0', 'latin1');
const FORMAT_VERSION = 1;
const AES_256_GCM = 1;

export const DATA_KEY_BYTES = 32;
export const FILE_ID_BYTES = 16;
export const NONCE_PREFIX_BYTES = 7;
export const DEFAULT_CHUNK_BYTES = 2 ** 20;
export const MIN_CHUNK_BYTES = 2 ** 16;
const MAX_CHUNK_BYTES = 2 ** 24;

export interface SealedHeader {
  /** 16 bytes; ties the chunks to this file. */
  readonly fileId: Uint8Array;
  readonly fileVersion: number;
  /** Plaintext bytes per chunk: a power of two, 64 KiB to 16 MiB. */
  readonly chunkBytes: number;
  /** 7 random bytes of this sealing. */
  readonly noncePrefix: Uint8Array;
}

const isChunkSize = (bytes: number): boolean =>
  Number.isInteger(bytes) &&
  bytes >= MIN_CHUNK_BYTES &&
  bytes <= MAX_CHUNK_BYTES &&
  (bytes & (bytes - 1)) === 0;

export function encodeHeader(header: SealedHeader, dataKey: Uint8Array): Buffer {
  if (
    !isChunkSize(header.chunkBytes) ||
    header.fileId.length !== FILE_ID_BYTES ||
    header.noncePrefix.length !== NONCE_PREFIX_BYTES
  ) {
    throw new SealedFileError('BAD_HEADER');
  }
  const bytes = Buffer.alloc(HEADER_BYTES);
  MAGIC.copy(bytes, 0);
  bytes[8] = FORMAT_VERSION;
  bytes[9] = AES_256_GCM;
  bytes[10] = Math.log2(header.chunkBytes);
  bytes.set(header.fileId, 12);
  bytes.writeUInt32BE(header.fileVersion, 28);
  bytes.set(header.noncePrefix, 32);
  headerMac(bytes, dataKey).copy(bytes, MAC_OFFSET);
  return bytes;
}

/** Reads and authenticates a header. `expected` is what the caller's record says about this file. */
export function decodeHeader(
  bytes: Uint8Array,
  dataKey: Uint8Array,
  expected: { readonly fileId: Uint8Array; readonly fileVersion: number },
): SealedHeader {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer.length >= MAGIC.length && !buffer.subarray(0, MAGIC.length).equals(MAGIC)) {
    throw new SealedFileError('NOT_SEALED', 0);
  }
  if (buffer.length < HEADER_BYTES) throw new SealedFileError('CUT_SHORT', buffer.length);
  if (buffer[8] !== FORMAT_VERSION) throw new SealedFileError('UNSUPPORTED_VERSION', 8);
  const chunkBytes = 2 ** buffer[10]!;
  const reservedIsZero = buffer[11] === 0 && buffer.subarray(39, MAC_OFFSET).every((byte) => byte === 0);
  if (buffer[9] !== AES_256_GCM || !isChunkSize(chunkBytes) || !reservedIsZero)
    throw new SealedFileError('BAD_HEADER', 9);
  const fileId = buffer.subarray(12, 28);
  if (!fileId.equals(expected.fileId)) throw new SealedFileError('OTHER_FILE', 12);
  if (!timingSafeEqual(headerMac(buffer, dataKey), buffer.subarray(MAC_OFFSET, HEADER_BYTES))) {
    throw new SealedFileError('HEADER_CHANGED', 0);
  }
  const fileVersion = buffer.readUInt32BE(28);
  if (fileVersion !== expected.fileVersion) throw new SealedFileError('OTHER_VERSION', 28);
  return {
    fileId: Buffer.from(fileId),
    fileVersion,
    chunkBytes,
    noncePrefix: Buffer.from(buffer.subarray(32, 39)),
  };
}

function headerMac(bytes: Uint8Array, dataKey: Uint8Array): Buffer {
  const macKey = Buffer.from(hkdfSync('sha256', dataKey, '', 'falaj/v1/sealed-file/header', 32));
  const mac = createHmac('sha256', macKey).update(bytes.subarray(0, MAC_OFFSET)).digest();
  macKey.fill(0);
  return mac;
}
