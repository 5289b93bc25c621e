import { Switch } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import { usePreferencesStore } from '../i18n/preferences-context.tsx';
import { browserNotices } from './away-notice.ts';
import classes from './settings-menu.module.css';

/** Whether the system tells of ended jobs while the window is not looked at. Asks the browser for it when it is switched on. */
export function NoticeSwitch() {
  const { t } = useTranslation();
  const store = usePreferencesStore();
  const isWanted = useStore(store, ({ notices }) => notices);
  const [permission, setPermission] = useState(browserNotices.permission());
  const change = async (wanted: boolean): Promise<void> => {
    store.setState({ notices: wanted });
    if (wanted && permission === 'default') setPermission(await Notification.requestPermission());
  };
  const isRefused = permission === 'denied' || permission === 'unsupported';
  return (
    <Switch
      size="xs"
      className={classes.switch}
      label={t('settings.notices')}
      description={isRefused ? t('settings.noticesRefused') : undefined}
      disabled={isRefused}
      checked={isWanted && permission === 'granted'}
      onChange={(event) => void change(event.currentTarget.checked)}
    />
  );
}
