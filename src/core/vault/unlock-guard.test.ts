import { describe, expect, it } from 'vitest';
import { FalajError } from '../../shared/errors.ts';
import { UnlockGuard } from './unlock-guard.ts';

const wrong = () => Promise.reject(new FalajError('WRONG_PASSPHRASE', 'wrong'));
const right = () => Promise.resolve('open');
const codeOf = (attempt: Promise<unknown>) =>
  attempt.then(
    () => 'open',
    (error: FalajError) => error.code,
  );

describe('the unlock guard', () => {
  it('lets five tries pass, then makes each further one wait 1, 2, 4 and at most 60 seconds', async () => {
    let nowMs = 0;
    const guard = new UnlockGuard(() => nowMs);
    for (let i = 0; i < 5; i++) expect(await codeOf(guard.attempt(wrong))).toBe('WRONG_PASSPHRASE');
    for (const waitSeconds of [1, 2, 4, 8, 16, 32, 60, 60]) {
      await expect(guard.attempt(right)).rejects.toMatchObject({
        code: 'TOO_MANY_TRIES',
        details: { waitSeconds },
      });
      nowMs += waitSeconds * 1000 - 1;
      expect(await codeOf(guard.attempt(right))).toBe('TOO_MANY_TRIES');
      nowMs += 1;
      expect(await codeOf(guard.attempt(wrong))).toBe('WRONG_PASSPHRASE');
    }
    nowMs += 60_000;
    expect(await guard.attempt(right)).toBe('open');
    expect(await codeOf(guard.attempt(wrong))).toBe('WRONG_PASSPHRASE');
    expect(await guard.attempt(right)).toBe('open');
  });

  it('is not fooled by many tries at once', async () => {
    const guard = new UnlockGuard(() => 0);
    const codes = await Promise.all(Array.from({ length: 20 }, () => codeOf(guard.attempt(wrong))));
    expect(codes.filter((code) => code === 'WRONG_PASSPHRASE')).toHaveLength(5);
    expect(codes.filter((code) => code === 'TOO_MANY_TRIES')).toHaveLength(15);
  });

  it('does not count what was not a guess', async () => {
    const guard = new UnlockGuard(() => 0);
    for (let i = 0; i < 10; i++)
      await codeOf(guard.attempt(() => Promise.reject(new FalajError('VAULT_DAMAGED', 'x'))));
    expect(await guard.attempt(right)).toBe('open');
  });
});
