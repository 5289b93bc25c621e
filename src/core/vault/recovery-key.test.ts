import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatRecoveryKey, newRecoveryKey, parseRecoveryKey } from './recovery-key.ts';

const keys = fc.uint8Array({ minLength: 20, maxLength: 20 });

describe('a recovery key', () => {
  it('reads back as it was written, and as people copy it', () => {
    fc.assert(
      fc.property(keys, (key) => {
        const text = formatRecoveryKey(key);
        expect(text).toMatch(/^(?:[0-9A-HJKMNP-TV-Z]{5}-){6}[0-9A-HJKMNP-TV-Z]{5}$/);
        const copied = text.toLowerCase().replaceAll('0', 'o').replaceAll('1', 'l').replaceAll('-', ' ');
        for (const form of [text, copied]) expect(parseRecoveryKey(form).equals(key)).toBe(true);
      }),
    );
  });

  it('is 160 random bits', () => {
    expect(newRecoveryKey()).toHaveLength(20);
    expect(newRecoveryKey().equals(newRecoveryKey())).toBe(false);
  });

  it('notices a changed symbol', () => {
    const text = formatRecoveryKey(Buffer.alloc(20, 77));
    let missed = 0;
    for (let at = 0; at < text.length; at++) {
      if (text[at] === '-') continue;
      const changed = text.slice(0, at) + (text[at] === '7' ? '8' : '7') + text.slice(at + 1);
      try {
        parseRecoveryKey(changed);
        missed++;
      } catch (error) {
        expect(error).toMatchObject({ code: 'BAD_INPUT' });
      }
    }
    expect(missed).toBe(0);
  });

  it.each(['', 'too short', 'U'.repeat(35), '\u{1F600}'.repeat(35)])('refuses %j', (text) => {
    expect(() => parseRecoveryKey(text)).toThrow(expect.objectContaining({ code: 'BAD_INPUT' }));
  });
});
