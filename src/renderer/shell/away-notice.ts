/** What of the system's notifications is asked and done, so that it can be done without a system. */
export interface NoticeSystem {
  /** Whether a person looks at the window. */
  isWatched(): boolean;
  permission(): NotificationPermission | 'unsupported';
  show(title: string, options: NotificationOptions): { onclick: (() => void) | null };
  focus(): void;
}

export const browserNotices: NoticeSystem = {
  isWatched: () => document.visibilityState === 'visible' && document.hasFocus(),
  permission: () => ('Notification' in window ? Notification.permission : 'unsupported'),
  show: (title, options) => new Notification(title, options) as { onclick: (() => void) | null },
  focus: () => window.focus(),
};

export interface AwayNotice {
  readonly title: string;
  readonly body: string;
  /** One with the same replaces it. */
  readonly tag: string;
  readonly language: string;
  readonly isRightToLeft: boolean;
  onOpen(): void;
}

/**
 * Tells a person who works elsewhere, by the system's notifications. It says what kind of work ended and how, and no name of
 * anything: the system may keep it outside of the workspace, and show it on a locked screen.
 *
 * @returns whether it was shown.
 */
export function showAwayNotice(system: NoticeSystem, isWanted: boolean, notice: AwayNotice): boolean {
  if (!isWanted || system.isWatched() || system.permission() !== 'granted') return false;
  const shown = system.show(notice.title, {
    body: notice.body,
    tag: notice.tag,
    lang: notice.language,
    dir: notice.isRightToLeft ? 'rtl' : 'ltr',
  });
  shown.onclick = () => {
    system.focus();
    notice.onOpen();
  };
  return true;
}
