export {
  BLOCK_ROWS,
  type BlockHashes,
  type ColumnHash,
  combineHashes,
  hashBlocks,
  hashColumn,
  joinBlocks,
  type TableHash,
} from './table-hash.ts';
