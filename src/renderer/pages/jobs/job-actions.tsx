import { Button, Select } from '@mantine/core';
import {
  IconArrowRight,
  IconPlayerPause,
  IconPlayerPlay,
  IconPlayerStop,
  IconRefresh,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { EngineClient, Job, JobPriority } from '../../../shared/contract/types.ts';
import type { FalajError } from '../../../shared/errors.ts';
import { CopyCommand } from '../../components/command-line.tsx';
import { RefusableButton } from '../../components/refusable-button.tsx';
import { type Action, useAction } from '../../engine/use-action.ts';
import { isActive, jobTarget } from '../../shell/job-presentation.ts';
import { PRIORITIES } from './job-order.ts';
import classes from './jobs.module.css';
import { useRetryRefusal } from './use-retry-refusal.ts';

const change = (
  client: EngineClient,
  { id, verb }: { id: string; verb: 'cancel' | 'retry' | 'pause' | 'resume' },
) => client.jobs[verb]({ id });
const prioritize = (client: EngineClient, input: { id: string; priority: JobPriority }) =>
  client.jobs.prioritize(input);

export interface JobChanges {
  readonly change: Action<Parameters<typeof change>[1], Job>;
  readonly prioritize: Action<Parameters<typeof prioritize>[1], Job>;
  readonly error: FalajError | undefined;
}

export function useJobChanges(): JobChanges {
  const changing = useAction(change);
  const prioritizing = useAction(prioritize);
  return { change: changing, prioritize: prioritizing, error: changing.error ?? prioritizing.error };
}

/** Scripts are halted where the system can, trainings go on from what they kept; the engine's own work is cancelled only. */
const canPause = ({ state, kind }: Job): boolean =>
  state === 'queued' || (state === 'running' && (kind === 'scripts.run' || kind === 'training.run'));

export function JobActions({ job, changes }: { readonly job: Job; readonly changes: JobChanges }) {
  const { t } = useTranslation();
  const { busy } = changes.change;
  const run = (verb: Parameters<typeof change>[1]['verb']) => () =>
    void changes.change.run({ id: job.id, verb });
  const target = jobTarget(job);
  const retryRefusal = useRetryRefusal(job);
  const canRetry = job.state === 'failed' || job.state === 'interrupted' || job.state === 'cancelled';
  return (
    <>
      <CopyCommand command={`falaj jobs logs ${job.id} --follow`} />
      {job.state === 'queued' ? (
        <Select
          size="xs"
          w={120}
          aria-label={t('jobs.priority')}
          allowDeselect={false}
          data={PRIORITIES.map((value) => ({ value, label: t(`jobs.priorities.${value}`) }))}
          value={job.schedule.priority}
          onChange={(chosen) => {
            const priority = PRIORITIES.find((one) => one === chosen);
            if (priority !== undefined) void changes.prioritize.run({ id: job.id, priority });
          }}
        />
      ) : null}
      {job.paused ? (
        <Button leftSection={<IconPlayerPlay size={14} />} loading={busy} onClick={run('resume')}>
          {t('jobs.resume')}
        </Button>
      ) : canPause(job) ? (
        <Button
          variant="default"
          leftSection={<IconPlayerPause size={14} />}
          loading={busy}
          onClick={run('pause')}
        >
          {t('jobs.pause')}
        </Button>
      ) : null}
      {isActive(job) ? (
        <Button
          variant="default"
          leftSection={<IconPlayerStop size={14} />}
          loading={busy}
          onClick={run('cancel')}
        >
          {t('common.cancel')}
        </Button>
      ) : null}
      {canRetry ? (
        <RefusableButton
          refusal={retryRefusal}
          leftSection={<IconRefresh size={14} />}
          loading={busy}
          onClick={run('retry')}
        >
          {t('jobs.retry')}
        </RefusableButton>
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
  );
}
