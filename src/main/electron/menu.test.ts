import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { menuTemplate } from './menu.ts';
import { shellTexts } from './shell-texts.ts';

const flat = (items: readonly MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  items.flatMap((item) => [item, ...(Array.isArray(item.submenu) ? flat(item.submenu) : [])]);
const template = (language: 'en' | 'ar', devtools = false) =>
  flat(
    menuTemplate({ texts: shellTexts(language), platform: 'linux', devtools, showAbout: () => undefined }),
  );

describe('the menu', () => {
  it('names every entry in the language of the page', () => {
    const arabic = template('ar').filter((item) => item.type !== 'separator');
    expect(arabic.every((item) => /\p{Script=Arabic}/u.test(item.label ?? ''))).toBe(true);
    expect(Object.keys(shellTexts('ar'))).toEqual(Object.keys(shellTexts('en')));
  });

  it('offers developer tools only where the build has them', () => {
    const roles = (devtools: boolean) => template('en', devtools).map((item) => item.role);
    expect(roles(true)).toContain('toggleDevTools');
    expect(roles(false)).not.toContain('toggleDevTools');
  });
});
