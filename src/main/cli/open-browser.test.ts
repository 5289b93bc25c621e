import { describe, expect, it } from 'vitest';
import { browserCommand } from './open-browser.ts';

const LINK = 'http://127.0.0.1:7410/open?key=abc&x=1';

describe('opening a window', () => {
  it('says that there is no display, and how to go on', () => {
    expect(() => browserCommand(LINK, { PATH: '/usr/bin' }, 'linux')).toThrow(
      expect.objectContaining({ code: 'NO_DISPLAY', hint: expect.stringContaining('ssh -L') }),
    );
  });

  it('asks the desktop where no Chromium is there', () => {
    expect(browserCommand(LINK, { DISPLAY: ':0', PATH: '/nowhere' }, 'linux')).toEqual(['xdg-open', LINK]);
    expect(browserCommand(LINK, {}, 'darwin')).toEqual(['open', LINK]);
    expect(browserCommand(LINK, {}, 'win32').at(-1)).toBe('http://127.0.0.1:7410/open?key=abc^&x=1');
  });
});
