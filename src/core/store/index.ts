export { type BlobStore, type BlobStoreOptions, openBlobStore, type StagedBlob } from './blobs/blob-store.ts';
export { storeMigrations } from './blobs/blob-table.ts';
export { ContentPieces } from './blobs/content-pieces.ts';
export { diskError, makeFolderDurably, replaceFile, sweepTemporary, syncFolder } from './durable-file.ts';
export type { RoomMigrations } from './migrations.ts';
export { PAGE_CIPHERS, type PageCipher } from './page-cipher.ts';
export { openStore, type RunOutcome, type Statement, type Store, type StoreOptions } from './store.ts';
