import { useDisclosure, useMediaQuery } from '@mantine/hooks';
import { Notifications } from '@mantine/notifications';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { Skeleton } from '../components/skeleton.tsx';
import { usePreference } from '../i18n/preferences-context.tsx';
import { DeviceToasts } from './device-toasts.tsx';
import { ErrorBoundary } from './error-boundary.tsx';
import { JobToasts } from './job-toasts.tsx';
import { KeyMap } from './key-map.tsx';
import { Palette } from './palette.tsx';
import { Rail } from './rail.tsx';
import { Routes } from './routes.tsx';
import classes from './shell.module.css';
import { StatusBar } from './status-bar.tsx';
import { TitleBar } from './title-bar.tsx';
import { useShellKeyboard } from './use-shell-keyboard.ts';

/** The frame around every page of an open workspace. */
export function Shell() {
  const { t } = useTranslation();
  const [location] = useLocation();
  const collapsed = usePreference('railCollapsed');
  const narrow = useMediaQuery('(max-width: 760px)') ?? false;
  const [keyMapOpened, keyMap] = useDisclosure(false);
  useShellKeyboard(keyMap.open);
  return (
    <div className={classes.shell} data-collapsed={collapsed || narrow ? true : undefined}>
      <a href="#main" className={classes.skip}>
        {t('shell.skip')}
      </a>
      <TitleBar onKeyMap={keyMap.open} />
      <Rail isNarrow={narrow} />
      <main id="main" className={classes.main} tabIndex={-1}>
        <ErrorBoundary resetKey={location}>
          <Suspense fallback={<Skeleton lines={8} />}>
            <Routes />
          </Suspense>
        </ErrorBoundary>
      </main>
      <StatusBar />
      <Palette onKeyMap={keyMap.open} />
      <KeyMap opened={keyMapOpened} onClose={keyMap.close} />
      <Notifications position="bottom-right" limit={3} />
      <JobToasts />
      <DeviceToasts />
    </div>
  );
}
