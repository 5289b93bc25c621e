import { useTranslation } from 'react-i18next';
import type { Job } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { DateTime } from '../../components/time.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { isActive, jobKindText, jobStateText, jobTone } from '../../shell/job-presentation.ts';
import { DemoResult } from './demo-result.tsx';
import { JobActions, useJobChanges } from './job-actions.tsx';
import { JobFacts } from './job-facts.tsx';
import { JobLog } from './job-log.tsx';
import { JobProgressPanel } from './job-progress-panel.tsx';
import classes from './jobs.module.css';

export function JobDetail({ id }: { readonly id: string }) {
  const job = useQuery('jobs', 'get', { id });
  return <Loaded query={job}>{(found) => <JobView job={found} />}</Loaded>;
}

function JobView({ job }: { readonly job: Job }) {
  const { t } = useTranslation();
  const format = useFormat();
  const changes = useJobChanges();
  const took =
    job.startedAt !== null && job.endedAt !== null
      ? Date.parse(job.endedAt) - Date.parse(job.startedAt)
      : null;
  return (
    <div className={classes.detail}>
      <PageHeader
        title={job.title}
        badges={<StatusBadge tone={jobTone(job)}>{jobStateText(t, job)}</StatusBadge>}
        subtitle={
          <>
            <span>{jobKindText(t, job.kind)}</span>
            <span aria-hidden>·</span>
            <DateTime at={job.createdAt} />
            {took === null ? null : (
              <>
                <span aria-hidden>·</span>
                <span>{format.duration(took)}</span>
              </>
            )}
            {job.attempt > 1 ? (
              <>
                <span aria-hidden>·</span>
                <span>{t('jobs.attempt', { number: format.integer(job.attempt) })}</span>
              </>
            ) : null}
            <span aria-hidden>·</span>
            <Code>{job.id}</Code>
          </>
        }
        actions={<JobActions job={job} changes={changes} />}
      />
      <div className={classes.sections} aria-live="polite">
        {changes.error === undefined ? null : <ErrorPanel error={changes.error} />}
        <JobFacts job={job} />
        {isActive(job) ? <JobProgressPanel job={job} /> : null}
        {job.error === null ? null : <ErrorPanel error={job.error} />}
        {job.kind === 'demo.run' && job.state === 'succeeded' ? <DemoResult result={job.result} /> : null}
      </div>
      <JobLog job={job.id} />
    </div>
  );
}
