import { notifications } from '@mantine/notifications';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { healthCauseText } from '../components/health-cause.ts';
import { useLive } from '../engine/use-live.ts';
import { usePreferencesStore } from '../i18n/preferences-context.tsx';
import { useFormat } from '../i18n/use-format.ts';
import { browserNotices, showAwayNotice } from './away-notice.ts';
import classes from './job-toasts.module.css';

/** When a device becomes worse, says so, with the way to it; by the system, too, while nobody looks at the window. */
export function DeviceToasts() {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const preferences = usePreferencesStore();
  const [location, navigate] = useLocation();
  useLive({ topic: 'device-health' }, ({ change }) => {
    const { device, name, state, causes } = change;
    const id = `device-${device}`;
    showAwayNotice(browserNotices, preferences.getState().notices, {
      title: t('devices.health.noticeTitle'),
      body: t(`devices.health.states.${state}`),
      tag: id,
      language: i18n.language,
      isRightToLeft: i18n.dir() === 'rtl',
      onOpen: () => navigate('/devices'),
    });
    // The newest word on a device replaces the one before.
    notifications.hide(id);
    notifications.show({
      id,
      color: state === 'failed' ? 'red' : 'yellow',
      autoClose: state === 'failed' ? false : 12_000,
      withBorder: true,
      title: <bdi>{name}</bdi>,
      closeButtonProps: { 'aria-label': t('common.close') },
      message: (
        <span className={classes.message}>
          <span>{causes.map((cause) => healthCauseText(t, format, cause)).join(' ')}</span>
          {location === '/devices' ? null : (
            <button
              type="button"
              className={classes.link}
              onClick={() => {
                notifications.hide(id);
                navigate('/devices');
              }}
            >
              {t('devices.health.show')}
            </button>
          )}
        </span>
      ),
    });
  });
  return null;
}
