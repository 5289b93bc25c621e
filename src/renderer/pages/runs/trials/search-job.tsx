import { Button } from '@mantine/core';
import { IconPlayerStop, IconRefresh } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import type { EngineClient, Job, Run, RunTrials } from '../../../../shared/contract/types.ts';
import { ErrorPanel } from '../../../components/error-panel.tsx';
import { RefusableButton } from '../../../components/refusable-button.tsx';
import { type Action, useAction } from '../../../engine/use-action.ts';
import { useQuery } from '../../../engine/use-query.ts';
import { useFormat } from '../../../i18n/use-format.ts';
import { isActive } from '../../../shell/job-presentation.ts';
import { useRetryRefusal } from '../../jobs/use-retry-refusal.ts';
import classes from './search-strip.module.css';

const stop = (client: EngineClient, id: string) => client.jobs.cancel({ id });
const goOn = (client: EngineClient, id: string) => client.jobs.retry({ id });

/** How long a search takes still, and an end to it that keeps its trials, or going on after them. */
export function SearchJob({
  run,
  job: id,
  search,
}: {
  readonly run: Run;
  readonly job: string;
  readonly search: RunTrials;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data: job } = useQuery('jobs', 'get', { id });
  const stopping = useAction(stop);
  const going = useAction(goOn);
  const error = stopping.error ?? going.error;
  if (job === undefined) return null;
  const { counts } = search;
  const ended = counts.finished + counts.pruned;
  if (run.status === 'running' && isActive(job)) {
    const left = job.progress?.remainingMs;
    return (
      <div className={classes.job}>
        <span className={classes.soft}>
          {counts.running === 0 && ended > 0
            ? t('runs.search.learning')
            : left == null
              ? ''
              : t('runs.search.left', { left: format.duration(left) })}
        </span>
        <Button
          variant="default"
          size="xs"
          title={t('runs.search.stopHint')}
          leftSection={<IconPlayerStop size={14} />}
          loading={stopping.busy}
          onClick={() => void stopping.run(id)}
        >
          {t('runs.search.stop')}
        </Button>
        {error === undefined ? null : <ErrorPanel error={error} />}
      </div>
    );
  }
  if (run.status === 'finished' || run.status === 'running') return null;
  if (ended === 0 && job.attempt > 1)
    return (
      <Link href={`/jobs/${id}`} className={classes.elsewhere}>
        {t('runs.search.elsewhere')}
      </Link>
    );
  if (isActive(job) || job.state === 'succeeded') return null;
  return (
    <div className={classes.job}>
      <span className={classes.soft}>{t('runs.search.stopped', { number: format.integer(ended) })}</span>
      <GoOn job={job} going={going} />
      {error === undefined ? null : <ErrorPanel error={error} />}
    </div>
  );
}

function GoOn({ job, going }: { readonly job: Job; readonly going: Action<string, Job> }) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const refusal = useRetryRefusal(job);
  const goOnAndShow = async (): Promise<void> => {
    if ((await going.run(job.id)) !== undefined) navigate(`/jobs/${job.id}`);
  };
  return (
    <RefusableButton
      size="xs"
      refusal={refusal}
      leftSection={<IconRefresh size={14} />}
      loading={going.busy}
      onClick={() => void goOnAndShow()}
    >
      {t('runs.search.goOn')}
    </RefusableButton>
  );
}
