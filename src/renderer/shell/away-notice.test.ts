import { describe, expect, it } from 'vitest';
import { type AwayNotice, type NoticeSystem, showAwayNotice } from './away-notice.ts';

function system(changes: Partial<NoticeSystem> = {}) {
  const shown: { title: string; options: NotificationOptions; onclick: (() => void) | null }[] = [];
  const focused: true[] = [];
  const faked: NoticeSystem = {
    isWatched: () => false,
    permission: () => 'granted',
    show: (title, options) => {
      const one = { title, options, onclick: null };
      shown.push(one);
      return one;
    },
    focus: () => focused.push(true),
    ...changes,
  };
  return { faked, shown, focused };
}

describe('a notice to somebody who works elsewhere', () => {
  const opened: true[] = [];
  const notice: AwayNotice = {
    title: 'Training',
    body: 'It is done.',
    tag: 'job-1',
    language: 'ar',
    isRightToLeft: true,
    onOpen: () => opened.push(true),
  };

  it('is shown in the language of the page, and brings the window back', () => {
    const { faked, shown, focused } = system();
    expect(showAwayNotice(faked, true, notice)).toBe(true);
    expect(shown[0]).toMatchObject({
      title: 'Training',
      options: { body: 'It is done.', tag: 'job-1', lang: 'ar', dir: 'rtl' },
    });
    shown[0]!.onclick!();
    expect([focused.length, opened.length]).toEqual([1, 1]);
  });

  it.each([
    ['whoever looks at the window', { isWatched: () => true }, true],
    ['a system that does not let it', { permission: () => 'denied' as const }, true],
    ['a browser without notifications', { permission: () => 'unsupported' as const }, true],
    ['whoever does not want it', {}, false],
  ])('is spared to %s', (_who, changes, isWanted) => {
    const { faked, shown } = system(changes);
    expect(showAwayNotice(faked, isWanted, notice)).toBe(false);
    expect(shown).toEqual([]);
  });
});
