import { describe, expect, it } from 'vitest';
import { isOwnUrl, mayLoad } from './own-origin.ts';

const FOREIGN = [
  'https://example.com/',
  'https://example.com/?next=app://falaj/',
  'app://falaj.evil/',
  'app://falaj@evil/',
  'app://user@falaj/',
  'app://user:word@falaj/',
  'app://falaj:80/',
  'app://evil/falaj',
  'app:falaj',
  'application://falaj/',
  'file:///etc/passwd',
  'javascript:alert(1)',
  'about:blank',
  'view-source:app://falaj/',
  'filesystem:app://falaj/temporary/x',
  ' ',
  '',
];

describe('the window’s own origin', () => {
  it.each(['app://falaj/', 'app://falaj/runs/7?tab=curves#x', 'app://falaj'])('recognises %s', (address) => {
    expect(isOwnUrl(address)).toBe(true);
  });

  it.each(FOREIGN)('takes %j for foreign', (address) => {
    expect(isOwnUrl(address)).toBe(false);
    expect(mayLoad(address, false)).toBe(false);
  });

  it('loads what the page made in memory, but nobody else’s', () => {
    expect(mayLoad('blob:app://falaj/5d2c', false)).toBe(true);
    expect(mayLoad('data:image/png;base64,AA==', false)).toBe(true);
    expect(mayLoad('blob:app://falaj.evil/5d2c', false)).toBe(false);
    expect(mayLoad('blob:https://example.com/5d2c', false)).toBe(false);
  });

  it('loads developer tools only where the build has them', () => {
    expect(mayLoad('devtools://devtools/bundled/x.html', true)).toBe(true);
    expect(mayLoad('devtools://devtools/bundled/x.html', false)).toBe(false);
  });
});
