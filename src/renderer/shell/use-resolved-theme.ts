import { useColorScheme } from '@mantine/hooks';
import { usePreference } from '../i18n/preferences-context.tsx';

/** The theme in effect: the preference, or the system's where it says so. */
export function useResolvedTheme(): 'light' | 'dark' {
  const preferred = usePreference('theme');
  const system = useColorScheme();
  return preferred === 'system' ? system : preferred;
}
