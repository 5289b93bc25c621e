import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Job } from '../../../shared/contract/types.ts';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { Ago } from '../../components/time.tsx';
import { jobStateText, jobTone } from '../../shell/job-presentation.ts';
import classes from './overview.module.css';

const SHOWN = 6;

/** The newest work, finished or going on. */
export function RecentJobsPanel({ jobs }: { readonly jobs: readonly Job[] }) {
  const { t } = useTranslation();
  const newest = jobs
    .toSorted((left, right) => right.createdAt.localeCompare(left.createdAt))
    .slice(0, SHOWN);
  return (
    <section className={classes.panel} aria-labelledby="recent-jobs">
      <div className={classes.panelHead}>
        <h2 id="recent-jobs">{t('overview.recentJobs')}</h2>
        <Link href="/jobs">{t('rooms.jobs')}</Link>
      </div>
      {newest.length === 0 ? (
        <p className={classes.quiet}>{t('jobs.emptyText')}</p>
      ) : (
        newest.map((job) => (
          <Link key={job.id} href={`/jobs/${job.id}`} className={classes.line}>
            <StatusBadge tone={jobTone(job)} plain>
              {jobStateText(t, job)}
            </StatusBadge>
            <span className={classes.lineText}>
              <bdi>{job.title}</bdi>
              {job.state === 'running' && !job.paused ? (
                <ProgressBar fraction={job.progress?.fraction ?? null} label={job.title} />
              ) : null}
            </span>
            <span className={classes.soft}>
              <Ago at={job.createdAt} />
            </span>
          </Link>
        ))
      )}
    </section>
  );
}
