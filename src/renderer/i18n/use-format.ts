import { useMemo } from 'react';
import { createFormat, type Format } from './format.ts';
import { usePreference } from './preferences-context.tsx';

export function useFormat(): Format {
  const language = usePreference('language');
  const digits = usePreference('digits');
  return useMemo(() => createFormat(language, digits), [language, digits]);
}
