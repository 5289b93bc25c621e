import { open } from 'node:fs/promises';
import { FalajError } from '../../../../shared/errors.ts';
import { crc32c } from './crc32c.ts';

/** More than any summary of scalars takes; images and graphs of models may take more, and are left out. */
const LARGEST_RECORD = 256 * 1024 * 1024;
const HEAD_BYTES = 12;
const TAIL_BYTES = 4;

/**
 * The records of a TFRecord file: a length, its checksum, the bytes, their checksum (tensorflow.org/tutorials/load_data/tfrecord).
 * A last record that is not whole yet is left out: who writes it may still be at it.
 *
 * @throws MALFORMED_FILE for a wrong checksum, naming the offset.
 */
export async function* eventRecords(file: string): AsyncGenerator<Uint8Array> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    let at = 0;
    const read = async (length: number): Promise<Buffer> => {
      const bytes = Buffer.alloc(length);
      await handle.read(bytes, 0, length, at);
      at += length;
      return bytes;
    };
    while (at + HEAD_BYTES + TAIL_BYTES <= size) {
      const offset = at;
      const head = await read(HEAD_BYTES);
      const length = head.readBigUInt64LE(0);
      if (head.readUInt32LE(8) !== masked(crc32c(head.subarray(0, 8)))) throw malformed(file, offset);
      if (length > BigInt(size - at - TAIL_BYTES)) return;
      if (length > BigInt(LARGEST_RECORD)) {
        at += Number(length) + TAIL_BYTES;
        continue;
      }
      const bytes = await read(Number(length));
      const tail = await read(TAIL_BYTES);
      if (tail.readUInt32LE(0) !== masked(crc32c(bytes))) throw malformed(file, offset);
      yield bytes;
    }
  } finally {
    await handle.close();
  }
}

/** Checksums are stored turned and moved, so that a checksum over checksums tells something. */
export const masked = (crc: number): number => (((crc >>> 15) | (crc << 17)) + 0xa282_ead8) >>> 0;

const malformed = (file: string, offset: number): FalajError =>
  new FalajError('MALFORMED_FILE', `${file}: the record at byte ${offset} is damaged.`, {
    hint: 'Copy the file once more from where it was written.',
    details: { file, offset },
  });
