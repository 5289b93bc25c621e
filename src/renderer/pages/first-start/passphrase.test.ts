import { describe, expect, it } from 'vitest';
import { generatePassphrase, passphraseBits, strengthOf } from './passphrase.ts';

describe('how strong a passphrase looks', () => {
  it.each([
    ['short', 'short'],
    ['aaaaaaaaaaaaaaaa', 'weak'],
    ['abcdefghijklm', 'weak'],
    ['password1234', 'weak'],
    ['correct horse battery staple', 'strong'],
    ['تمر ولبن وماء بارد من الفلج', 'strong'],
  ])('calls %s %s', (passphrase, strength) => {
    expect(strengthOf(passphrase)).toBe(strength);
  });

  it('never calls a longer passphrase weaker', () => {
    let before = 0;
    for (let length = 1; length <= 20; length++) {
      const bits = passphraseBits('kV7.mQ2!xW9_pL4#tR6?'.slice(0, length));
      expect(bits).toBeGreaterThan(before);
      before = bits;
    }
  });
});

describe('a generated passphrase', () => {
  it('is strong, readable and never twice the same', () => {
    const one = generatePassphrase((bytes) => crypto.getRandomValues(bytes));
    expect(one).toMatch(/^([a-hj-km-np-z2-9]{4}-){4}[a-hj-km-np-z2-9]{4}$/);
    expect(strengthOf(one)).toBe('strong');
    expect(generatePassphrase((bytes) => crypto.getRandomValues(bytes))).not.toBe(one);
  });

  it('takes every letter equally often: bytes beyond the last whole alphabet are thrown away', () => {
    const given: number[] = [];
    const text = generatePassphrase((bytes) => {
      bytes.fill(given.length === 0 ? 255 : 0);
      given.push(bytes.length);
      return bytes;
    });
    expect(text).toBe('aaaa-aaaa-aaaa-aaaa-aaaa');
    expect(given.length).toBeGreaterThan(1);
  });
});
