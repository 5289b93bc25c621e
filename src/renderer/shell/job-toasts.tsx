import { notifications } from '@mantine/notifications';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { Job } from '../../shared/contract/types.ts';
import { useEngine } from '../engine/engine-context.tsx';
import { queryKey } from '../engine/procedures.ts';
import { useLive } from '../engine/use-live.ts';
import { usePreferencesStore } from '../i18n/preferences-context.tsx';
import { browserNotices, showAwayNotice } from './away-notice.ts';
import { isActive, jobKindText, jobTarget } from './job-presentation.ts';
import classes from './job-toasts.module.css';

/**
 * When a job that was seen at work ends, says so once, with the way to what it made; by the system, too, while nobody looks at
 * the window.
 */
export function JobToasts() {
  const { t, i18n } = useTranslation();
  const preferences = usePreferencesStore();
  const { cache } = useEngine();
  const [location, navigate] = useLocation();
  const working = useRef(new Set<string>());
  useLive({ topic: 'jobs' }, ({ job }) => {
    if (isActive(job)) {
      working.current.add(job.id);
      return;
    }
    if (!working.current.delete(job.id) || job.state === 'cancelled') return;
    const target = jobTarget(job);
    showAwayNotice(browserNotices, preferences.getState().notices, {
      title: jobKindText(t, job.kind),
      body: t(job.state === 'succeeded' ? 'shell.noticeDone' : 'shell.noticeFailed'),
      tag: `job-${job.id}`,
      language: i18n.language,
      isRightToLeft: i18n.dir() === 'rtl',
      onOpen: () => navigate(target),
    });
    // A page that follows the job shows its end itself.
    if (location === target || cache.isObserved(queryKey('jobs', 'get', { id: job.id }))) return;
    announce(job, target);
  });
  const announce = (job: Job, target: string): void => {
    const failed = job.state !== 'succeeded';
    const id = `job-${job.id}-${String(job.attempt)}`;
    notifications.show({
      id,
      color: failed ? 'red' : 'falaj',
      autoClose: failed ? false : 8000,
      withBorder: true,
      title: jobKindText(t, job.kind),
      closeButtonProps: { 'aria-label': t('common.close') },
      message: (
        <span className={classes.message}>
          <span dir="auto">{job.error?.message ?? job.title}</span>
          <button
            type="button"
            className={classes.link}
            onClick={() => {
              notifications.hide(id);
              navigate(target);
            }}
          >
            {failed ? t('shell.showJob') : t('shell.showResult')}
          </button>
        </span>
      ),
    });
  };
  return null;
}
