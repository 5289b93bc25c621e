import { ActionIcon, Tooltip } from '@mantine/core';
import { IconMoon, IconSun } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { usePreference, usePreferencesStore } from '../i18n/preferences-context.tsx';
import classes from './appearance-switches.module.css';
import { useResolvedTheme } from './use-resolved-theme.ts';

/** The other language, by its own name, and the other theme. */
export function AppearanceSwitches() {
  const { t } = useTranslation();
  const preferences = usePreferencesStore();
  const language = usePreference('language');
  const theme = useResolvedTheme();
  return (
    <>
      <button
        type="button"
        className={classes.language}
        lang={language === 'en' ? 'ar' : 'en'}
        onClick={() => preferences.setState({ language: language === 'en' ? 'ar' : 'en' })}
      >
        {language === 'en' ? 'العربية' : 'English'}
      </button>
      <Tooltip label={t('commands.toggleTheme')}>
        <ActionIcon
          aria-label={t('commands.toggleTheme')}
          onClick={() => preferences.setState({ theme: theme === 'dark' ? 'light' : 'dark' })}
        >
          {theme === 'dark' ? <IconSun size={16} /> : <IconMoon size={16} />}
        </ActionIcon>
      </Tooltip>
    </>
  );
}
