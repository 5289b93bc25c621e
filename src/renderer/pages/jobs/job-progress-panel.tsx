import { IconCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../../shared/contract/types.ts';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { Stat, StatRow } from '../../components/stat.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import { jobStateText } from '../../shell/job-presentation.ts';
import { demoStepStates, isKnownStep } from './job-steps.ts';
import classes from './jobs.module.css';

/** How far, how fast, how long still. */
export function JobProgressPanel({ job }: { readonly job: Job }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { progress } = job;
  const step = progress?.step ?? '';
  const stepText = isKnownStep(step) ? t(`jobSteps.${step}`) : step;
  return (
    <section className={classes.progress}>
      {job.kind === 'demo.run' ? <DemoSteps current={step} /> : null}
      <ProgressBar
        fraction={progress?.fraction ?? null}
        label={job.title}
        halted={job.paused || job.state === 'queued'}
      />
      <StatRow>
        <Stat label={t('jobs.progress')}>
          {progress?.fraction == null ? '–' : format.percent(progress.fraction)}
        </Stat>
        <Stat label={t('jobs.step')} plain>
          {job.paused || job.state === 'queued' ? (
            jobStateText(t, job)
          ) : stepText === '' ? (
            '–'
          ) : (
            <bdi>{stepText}</bdi>
          )}
        </Stat>
        <Stat label={t('jobs.rate')} plain>
          {job.paused || progress?.ratePerSecond == null ? (
            '–'
          ) : (
            <bdi dir="ltr">{`${format.compact(progress.ratePerSecond)} ${progress.unit ?? ''}/s`}</bdi>
          )}
        </Stat>
        <Stat label={t('jobs.left')} plain>
          {job.paused || progress?.remainingMs == null ? '–' : format.duration(progress.remainingMs)}
        </Stat>
        {progress === null || progress.detail === '' ? null : (
          <Stat label={t('jobs.detail')} plain>
            <bdi>{progress.detail}</bdi>
          </Stat>
        )}
      </StatRow>
    </section>
  );
}

function DemoSteps({ current }: { readonly current: string }) {
  const { t } = useTranslation();
  return (
    <ol className={classes.steps}>
      {demoStepStates(current).map(({ step, state }) => (
        <li key={step} data-state={state} aria-current={state === 'now' ? 'step' : undefined}>
          <span className={classes.mark}>
            {state === 'done' ? <IconCheck size={10} stroke={3} aria-hidden /> : null}
          </span>
          {t(`jobSteps.${step}`)}
        </li>
      ))}
    </ol>
  );
}
