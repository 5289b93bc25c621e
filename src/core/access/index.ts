export { AccessTokens } from './access-tokens.ts';
export { accessMigrations } from './migrations.ts';
