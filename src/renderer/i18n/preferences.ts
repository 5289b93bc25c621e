import { createStore } from 'zustand/vanilla';

export type Language = 'en' | 'ar';
export type Theme = 'light' | 'dark' | 'system';
export type Density = 'dense' | 'comfortable';
export type Digits = 'latn' | 'arab';

export interface Preferences {
  readonly language: Language;
  readonly theme: Theme;
  readonly density: Density;
  /** Digits in Arabic text; English always has Latin ones. */
  readonly digits: Digits;
  readonly railCollapsed: boolean;
  /** Whether the system tells of ended jobs while the window is not looked at. */
  readonly notices: boolean;
  /** Columns of the list of runs by their keys; null lets the list choose. */
  readonly runColumns: readonly string[] | null;
  /** Rows that comparisons of runs leave out, by their keys. */
  readonly compareHidden: readonly string[];
}

const STORAGE_KEY = 'falaj.preferences';

const pick = <T extends string>(value: unknown, allowed: readonly T[], otherwise: T): T =>
  allowed.find((candidate) => candidate === value) ?? otherwise;

const MOST_KEYS = 200;

const keys = (value: unknown): readonly string[] | null =>
  Array.isArray(value)
    ? value.filter((key): key is string => typeof key === 'string').slice(0, MOST_KEYS)
    : null;

/** Reads what was stored, field by field, so that an old or damaged entry costs nothing but itself. */
export function parsePreferences(text: string | null, systemLanguages: readonly string[]): Preferences {
  let stored: Partial<Record<keyof Preferences, unknown>> = {};
  try {
    const parsed: unknown = JSON.parse(text ?? '{}');
    if (typeof parsed === 'object' && parsed !== null) stored = parsed;
  } catch {
    stored = {};
  }
  const systemLanguage: Language = systemLanguages[0]?.startsWith('ar') === true ? 'ar' : 'en';
  return {
    language: pick(stored.language, ['en', 'ar'], systemLanguage),
    theme: pick(stored.theme, ['light', 'dark', 'system'], 'system'),
    density: pick(stored.density, ['dense', 'comfortable'], 'dense'),
    digits: pick(stored.digits, ['latn', 'arab'], 'latn'),
    railCollapsed: stored.railCollapsed === true,
    notices: stored.notices !== false,
    runColumns: keys(stored.runColumns),
    compareHidden: keys(stored.compareHidden) ?? [],
  };
}

export function createPreferences(
  storage: Pick<Storage, 'getItem' | 'setItem'>,
  systemLanguages: readonly string[],
) {
  const store = createStore<Preferences>(() =>
    parsePreferences(storage.getItem(STORAGE_KEY), systemLanguages),
  );
  store.subscribe((preferences) => storage.setItem(STORAGE_KEY, JSON.stringify(preferences)));
  return store;
}

export type PreferencesStore = ReturnType<typeof createPreferences>;
