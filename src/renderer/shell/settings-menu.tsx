import { ActionIcon, Popover, SegmentedControl } from '@mantine/core';
import { IconSettings } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { Density, Digits, Language, Theme } from '../i18n/preferences.ts';
import { usePreferencesStore } from '../i18n/preferences-context.tsx';
import { NoticeSwitch } from './notice-switch.tsx';
import classes from './settings-menu.module.css';

export function SettingsMenu() {
  const { t } = useTranslation();
  const store = usePreferencesStore();
  const preferences = useStore(store);
  return (
    <Popover position="bottom-end" shadow="md" trapFocus>
      <Popover.Target>
        <ActionIcon aria-label={t('settings.title')} title={t('settings.title')}>
          <IconSettings size={16} />
        </ActionIcon>
      </Popover.Target>
      <Popover.Dropdown p={4}>
        <div className={classes.menu}>
          <span className={classes.label}>{t('settings.language')}</span>
          <SegmentedControl
            fullWidth
            aria-label={t('settings.language')}
            value={preferences.language}
            onChange={(language) => store.setState({ language: language as Language })}
            data={[
              { value: 'en', label: 'English' },
              { value: 'ar', label: 'العربية' },
            ]}
          />
          <span className={classes.label}>{t('settings.theme')}</span>
          <SegmentedControl
            fullWidth
            aria-label={t('settings.theme')}
            value={preferences.theme}
            onChange={(theme) => store.setState({ theme: theme as Theme })}
            data={[
              { value: 'light', label: t('settings.light') },
              { value: 'dark', label: t('settings.dark') },
              { value: 'system', label: t('settings.system') },
            ]}
          />
          <span className={classes.label}>{t('settings.density')}</span>
          <SegmentedControl
            fullWidth
            aria-label={t('settings.density')}
            value={preferences.density}
            onChange={(density) => store.setState({ density: density as Density })}
            data={[
              { value: 'dense', label: t('settings.dense') },
              { value: 'comfortable', label: t('settings.comfortable') },
            ]}
          />
          {preferences.language === 'ar' ? (
            <>
              <span className={classes.label}>{t('settings.digits')}</span>
              <SegmentedControl
                fullWidth
                aria-label={t('settings.digits')}
                value={preferences.digits}
                onChange={(digits) => store.setState({ digits: digits as Digits })}
                data={[
                  { value: 'latn', label: '123' },
                  { value: 'arab', label: '١٢٣' },
                ]}
              />
            </>
          ) : null}
          <NoticeSwitch />
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}
