import zlib from 'node:zlib';
import { CompressionType, compressionRegistry } from 'apache-arrow';
import { decodeLz4Frame } from './lz4-frame.ts';

/** Lets the Arrow reader open compressed buffers: LZ4 is what pandas writes unless told otherwise. */
export function registerCodecs(): void {
  compressionRegistry.set(CompressionType.LZ4_FRAME, { decode: decodeLz4Frame });
  compressionRegistry.set(CompressionType.ZSTD, { decode: (bytes) => zlib.zstdDecompressSync(bytes) });
}
