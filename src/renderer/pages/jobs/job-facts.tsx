import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Job } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { Stat, StatRow } from '../../components/stat.tsx';
import { DateTime } from '../../components/time.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './jobs.module.css';

/** When a job begins, how long it may take, and what it takes of the machine: only what is out of the ordinary. */
export function JobFacts({ job }: { readonly job: Job }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { schedule, needs, gpus, beginsAt, waitsFor } = job;
  const facts = [
    waitsFor === null ? null : { label: t('jobs.waitsFor'), value: t(`jobs.waits.${waitsFor}`) },
    beginsAt === null ? null : { label: t('jobs.beginsAt'), value: <DateTime at={beginsAt} /> },
    schedule.after.length === 0
      ? null
      : {
          label: t('jobs.after'),
          value: schedule.after.map((id) => (
            <Link key={id} href={`/jobs/${id}`} className={classes.fact}>
              <Code>{id.slice(0, 8)}</Code>
            </Link>
          )),
        },
    schedule.retries === 0
      ? null
      : {
          label: t('jobs.attempts'),
          value: t('jobs.slots.ofTotal', {
            taken: format.integer(job.attempt),
            total: format.integer(schedule.retries + 1),
          }),
        },
    schedule.timeLimitMs === null
      ? null
      : { label: t('jobs.timeLimit'), value: format.duration(schedule.timeLimitMs) },
    needs === null ? null : { label: t('jobs.slots.cpus'), value: format.integer(needs.cpus) },
    needs?.memoryBytes == null
      ? null
      : { label: t('jobs.slots.memory'), value: format.bytes(needs.memoryBytes) },
    needs === null || needs.gpus === 0
      ? null
      : {
          label: t('jobs.slots.gpus'),
          value: <bdi dir="ltr">{gpus.length > 0 ? gpus.join(', ') : format.integer(needs.gpus)}</bdi>,
        },
  ].filter((fact) => fact !== null);
  if (facts.length === 0) return null;
  return (
    <StatRow>
      {facts.map(({ label, value }) => (
        <Stat key={label} label={label} plain>
          {value}
        </Stat>
      ))}
    </StatRow>
  );
}
