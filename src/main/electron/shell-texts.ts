import arabic from '../../../resources/i18n/shell/ar.json' with { type: 'json' };
import english from '../../../resources/i18n/shell/en.json' with { type: 'json' };

/** The few texts that the shell shows by itself: menus and native dialogs. */
export type ShellTexts = Readonly<Record<keyof typeof english, string>>;

export const shellTexts = (language: 'en' | 'ar'): ShellTexts => (language === 'ar' ? arabic : english);
