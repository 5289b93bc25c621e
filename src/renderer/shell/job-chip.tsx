import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { ProgressBar } from '../components/progress-bar.tsx';
import { StatusBadge } from '../components/status-badge.tsx';
import { useQuery } from '../engine/use-query.ts';
import { useFormat } from '../i18n/use-format.ts';
import classes from './job-chip.module.css';
import { isActive, isMoving, jobKindText, jobTone } from './job-presentation.ts';

/** What is being worked on now, on every page. */
export function JobChip() {
  const { t } = useTranslation();
  const format = useFormat();
  const jobs = useQuery('jobs', 'list', { limit: 200 });
  const active = (jobs.data ?? []).filter(isActive);
  const shown = active.find(isMoving) ?? active.find(({ state }) => state === 'running') ?? active[0];
  if (shown === undefined) return null;
  const fraction = shown.progress?.fraction ?? null;
  const percent = fraction === null ? '' : ` ${format.percent(fraction)}`;
  return (
    <Link
      href={active.length === 1 ? `/jobs/${shown.id}` : '/jobs'}
      className={classes.chip}
      aria-label={`${t('shell.jobsRunning', { count: active.length })}: ${jobKindText(t, shown.kind)}${percent}`}
      title={shown.title}
    >
      <StatusBadge tone={isMoving(shown) ? 'running' : jobTone(shown)} plain>
        {format.integer(active.length)}
      </StatusBadge>
      <span className={classes.title}>{jobKindText(t, shown.kind)}</span>
      <span className={classes.bar}>
        <ProgressBar fraction={fraction} label={shown.title} halted={!isMoving(shown)} />
      </span>
      {fraction === null ? null : <bdi>{format.percent(fraction)}</bdi>}
    </Link>
  );
}
