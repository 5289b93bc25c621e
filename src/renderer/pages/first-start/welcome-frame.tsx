import { ActionIcon } from '@mantine/core';
import { IconMoon, IconSun } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Code } from '../../components/code.tsx';
import { cx } from '../../components/cx.ts';
import { usePreference, usePreferencesStore } from '../../i18n/preferences-context.tsx';
import { FalajMark } from '../../shell/falaj-mark.tsx';
import { useResolvedTheme } from '../../shell/use-resolved-theme.ts';
import classes from './welcome-frame.module.css';

export interface WelcomeFrameProps {
  readonly title: string;
  readonly text: string;
  readonly folder: string;
  readonly narrow?: boolean;
  readonly children: ReactNode;
}

/** The page around everything that happens before a workspace is open. */
export function WelcomeFrame({ title, text, folder, narrow = false, children }: WelcomeFrameProps) {
  const { t } = useTranslation();
  const preferences = usePreferencesStore();
  const language = usePreference('language');
  const theme = useResolvedTheme();
  return (
    <div className={classes.frame}>
      <div className={classes.top}>
        <button
          type="button"
          className={classes.language}
          lang={language === 'en' ? 'ar' : 'en'}
          onClick={() => preferences.setState({ language: language === 'en' ? 'ar' : 'en' })}
        >
          {language === 'en' ? 'العربية' : 'English'}
        </button>
        <ActionIcon
          size={28}
          aria-label={t('commands.toggleTheme')}
          onClick={() => preferences.setState({ theme: theme === 'dark' ? 'light' : 'dark' })}
        >
          {theme === 'dark' ? <IconSun size={16} /> : <IconMoon size={16} />}
        </ActionIcon>
      </div>
      <main className={cx(classes.centre, narrow && classes.narrow)}>
        <div className={classes.brand}>
          <FalajMark className={classes.mark} />
          <div>
            <h1>{title}</h1>
            <p>{text}</p>
          </div>
        </div>
        {children}
      </main>
      <footer className={classes.foot}>
        {t('start.folder')} <Code>{folder}</Code>
      </footer>
    </div>
  );
}
