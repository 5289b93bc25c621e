import { Button } from '@mantine/core';
import { IconArrowRight, IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { EngineClient, Job } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { CopyCommand } from '../../components/command-line.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { DateTime } from '../../components/time.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { isActive, JOB_TONES, jobKindText, jobTarget } from '../../shell/job-presentation.ts';
import { DemoResult } from './demo-result.tsx';
import { JobLog } from './job-log.tsx';
import { JobProgressPanel } from './job-progress-panel.tsx';
import classes from './jobs.module.css';

const cancelJob = (client: EngineClient, id: string) => client.jobs.cancel({ id });
const retryJob = (client: EngineClient, id: string) => client.jobs.retry({ id });

export function JobDetail({ id }: { readonly id: string }) {
  const job = useQuery('jobs', 'get', { id });
  return <Loaded query={job}>{(found) => <JobView job={found} />}</Loaded>;
}

function JobView({ job }: { readonly job: Job }) {
  const { t } = useTranslation();
  const format = useFormat();
  const cancel = useAction(cancelJob);
  const retry = useAction(retryJob);
  const target = jobTarget(job);
  const canRetry = job.state === 'failed' || job.state === 'interrupted' || job.state === 'cancelled';
  const took =
    job.startedAt !== null && job.endedAt !== null
      ? Date.parse(job.endedAt) - Date.parse(job.startedAt)
      : null;
  const error = cancel.error ?? retry.error;
  return (
    <div className={classes.detail}>
      <PageHeader
        title={job.title}
        badges={<StatusBadge tone={JOB_TONES[job.state]}>{t(`jobStates.${job.state}`)}</StatusBadge>}
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
        actions={
          <>
            <CopyCommand command={`falaj jobs logs ${job.id} --follow`} />
            {isActive(job) ? (
              <Button
                variant="default"
                leftSection={<IconPlayerStop size={14} />}
                loading={cancel.busy}
                onClick={() => void cancel.run(job.id)}
              >
                {t('common.cancel')}
              </Button>
            ) : null}
            {canRetry ? (
              <Button
                leftSection={<IconRefresh size={14} />}
                loading={retry.busy}
                onClick={() => void retry.run(job.id)}
              >
                {t('jobs.retry')}
              </Button>
            ) : null}
            {job.state === 'succeeded' && target !== `/jobs/${job.id}` ? (
              <Button
                component={Link}
                href={target}
                rightSection={<IconArrowRight size={14} className={classes.arrow} />}
              >
                {t('shell.showResult')}
              </Button>
            ) : null}
          </>
        }
      />
      <div className={classes.sections} aria-live="polite">
        {error === undefined ? null : <ErrorPanel error={error} />}
        {isActive(job) ? <JobProgressPanel job={job} /> : null}
        {job.error === null ? null : <ErrorPanel error={job.error} />}
        {job.kind === 'demo.run' && job.state === 'succeeded' ? <DemoResult result={job.result} /> : null}
      </div>
      <JobLog job={job.id} />
    </div>
  );
}
