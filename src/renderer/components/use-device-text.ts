import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import type { DeviceMessage } from '../../shared/contract/types.ts';

/** What the engine says of devices, in the person's language; words of drivers and tools stay as they are. */
export function useDeviceText(): (messages: readonly DeviceMessage[]) => string {
  const { t, i18n } = useTranslation();
  const isMirrored = i18n.dir() === 'rtl';
  return useCallback(
    (messages) => {
      // Names, and words of others, keep their own direction.
      const own = (text: string): string => (isMirrored ? `\u2068${text}\u2069` : text);
      return messages
        .map(({ code, about, values, text: english }) => {
          const shown = Object.entries(values).map(([name, value]) => [
            name,
            typeof value === 'string' ? own(value) : value,
          ]);
          const text =
            code === 'quoted' ? own(english) : t(`devices.messages.${code}`, Object.fromEntries(shown));
          return about === null ? text : `${own(about)}: ${text}`;
        })
        .join(' ');
    },
    [t, isMirrored],
  );
}
