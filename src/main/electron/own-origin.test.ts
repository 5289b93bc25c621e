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
    expect(mayLoad(address, 'frame', true)).toBe(false);
    expect(mayLoad(address, 'other', true)).toBe(false);
  });

  it('loads what the page made in memory, but nobody else’s', () => {
    expect(mayLoad('blob:app://falaj/5d2c', 'other', false)).toBe(true);
    expect(mayLoad('data:image/png;base64,AA==', 'other', false)).toBe(true);
    expect(mayLoad('blob:app://falaj.evil/5d2c', 'other', false)).toBe(false);
    expect(mayLoad('blob:https://example.com/5d2c', 'other', false)).toBe(false);
  });

  it('shows nothing made in memory as a page of its own', () => {
    expect(mayLoad('data:text/html,<p>', 'frame', true)).toBe(false);
    expect(mayLoad('blob:app://falaj/5d2c', 'frame', true)).toBe(false);
  });

  it('loads developer tools only where the build has them', () => {
    expect(mayLoad('devtools://devtools/bundled/x.html', 'frame', true)).toBe(true);
    expect(mayLoad('devtools://devtools/bundled/x.html', 'frame', false)).toBe(false);
  });
});
