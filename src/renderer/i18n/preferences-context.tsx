import { createContext, type ReactNode, use } from 'react';
import { useStore } from 'zustand';
import type { Preferences, PreferencesStore } from './preferences.ts';

const PreferencesContext = createContext<PreferencesStore | null>(null);

export function PreferencesProvider({
  store,
  children,
}: {
  readonly store: PreferencesStore;
  readonly children: ReactNode;
}) {
  return <PreferencesContext value={store}>{children}</PreferencesContext>;
}

export function usePreferencesStore(): PreferencesStore {
  const store = use(PreferencesContext);
  if (store === null) throw new Error('Preferences were read outside PreferencesProvider.');
  return store;
}

export function usePreference<K extends keyof Preferences>(key: K): Preferences[K] {
  return useStore(usePreferencesStore(), (preferences) => preferences[key]);
}
