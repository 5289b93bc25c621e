export { type EncodedChunk, encodeChunk, encodeChunkHere } from './encode-chunk.ts';
export { encodeRows } from './encode-column.ts';
export { ParquetWriter } from './parquet-writer.ts';
export { ColumnTexts } from './text-values.ts';
export { GROUP_ROWS, writeParquet } from './write-parquet.ts';
