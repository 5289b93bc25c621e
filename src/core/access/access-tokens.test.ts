import { afterEach, beforeEach, expect, it } from 'vitest';
import { type EngineParts, openParts } from '../../../test/fixtures/engine-parts.ts';
import { AccessTokens, accessMigrations } from './index.ts';

let parts: EngineParts;
beforeEach(async () => {
  parts = await openParts([accessMigrations]);
});
afterEach(() => parts.close());

it('lets a token in for its scope until it is revoked, and keeps no token', () => {
  const tokens = new AccessTokens(parts);
  const { id, token, scope } = tokens.create({ scope: 'mlflow', ttlSeconds: 3600 });
  // It may have underlines of its own.
  const secret = token.split('_').slice(2).join('_');
  expect(tokens.grantOf(token)).toEqual({ scope, run: null });
  expect(tokens.grantOf(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`)).toBeNull();
  for (const wrong of ['', 'falaj_', token.slice(6), `${token}x`]) expect(tokens.grantOf(wrong)).toBeNull();
  expect(JSON.stringify(tokens.list())).not.toContain(secret);
  const kept = JSON.stringify(
    parts.store.statement(`SELECT scope, hex(hash) AS hash FROM access_token`).all(),
  );
  expect(kept).not.toContain(secret);
  expect(tokens.revoke({ id })).toEqual({ revoked: true });
  expect(tokens.grantOf(token)).toBeNull();
  expect(() => tokens.revoke({ id })).toThrowError(expect.objectContaining({ code: 'NOT_FOUND' }));
});

it('lets nobody in after the token’s time', () => {
  let now = 0;
  const tokens = new AccessTokens({ ...parts, clock: () => now });
  const { token } = tokens.create({ scope: 'api', ttlSeconds: 1 });
  expect(tokens.list()).toHaveLength(1);
  expect(tokens.grantOf(token)).not.toBeNull();
  now = 1000;
  expect(tokens.grantOf(token)).toBeNull();
  expect(tokens.list()).toEqual([]);
});

it('knows the run whose program it was given to', () => {
  const tokens = new AccessTokens(parts);
  const { token } = tokens.create({ scope: 'mlflow', ttlSeconds: 60, run: 'r1' });
  expect(tokens.grantOf(token)).toEqual({ scope: 'mlflow', run: 'r1' });
  const other = tokens.create({ scope: 'mlflow', ttlSeconds: 60, run: 'r2' });
  for (let again = 0; again < 2; again++) tokens.revokeOfRun('r1');
  expect(tokens.grantOf(token)).toBeNull();
  expect(tokens.list().map(({ id }) => id)).toEqual([other.id]);
});
