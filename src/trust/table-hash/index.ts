export { type ColumnHash, combineHashes, hashColumn, type TableHash } from './table-hash.ts';
