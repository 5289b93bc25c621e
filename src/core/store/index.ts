export type { RoomMigrations } from './migrations.ts';
export { PAGE_CIPHERS, type PageCipher } from './page-cipher.ts';
export { openStore, type RunOutcome, type Statement, type Store, type StoreOptions } from './store.ts';
