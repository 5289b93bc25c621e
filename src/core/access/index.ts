export { AccessTokens, type TokenGrant } from './access-tokens.ts';
export { accessMigrations } from './migrations.ts';
