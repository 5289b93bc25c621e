import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { JobSlots } from '../../../shared/contract/types.ts';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { Stat, StatRow } from '../../components/stat.tsx';
import { useLive } from '../../engine/use-live.ts';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './jobs.module.css';

/** What the queue has to give, and how much of it is taken. */
export function SlotsStrip() {
  const slots = useQuery('jobs', 'slots', undefined);
  const seen = useRef(new Map<string, string>());
  useLive({ topic: 'jobs' }, ({ job }) => {
    if (seen.current.get(job.id) === job.state) return;
    if (job.state === 'queued' || job.state === 'running') seen.current.set(job.id, job.state);
    else seen.current.delete(job.id);
    slots.refresh();
  });
  return slots.data === undefined ? null : <Slots slots={slots.data} />;
}

function Slots({ slots: { engine, training, script } }: { readonly slots: JobSlots }) {
  const { t } = useTranslation();
  const format = useFormat();
  const places = [
    { label: t('jobs.slots.engine'), ...engine },
    { label: t('jobs.slots.training'), ...training },
  ];
  const parts = [
    {
      label: t('jobs.slots.cpus'),
      ...script.cpus,
      text: t('jobs.slots.ofTotal', {
        taken: format.integer(script.cpus.taken),
        total: format.integer(script.cpus.total),
      }),
    },
    {
      label: t('jobs.slots.memory'),
      ...script.memoryBytes,
      text: t('jobs.slots.ofTotal', {
        taken: format.bytes(script.memoryBytes.taken),
        total: format.bytes(script.memoryBytes.total),
      }),
    },
  ];
  return (
    <section className={classes.slots} aria-label={t('jobs.slots.title')}>
      <StatRow>
        {places.map(({ label, running, places: total, waiting }) => (
          <Stat key={label} label={label} note={<Waiting count={waiting} />}>
            {t('jobs.slots.ofTotal', { taken: format.integer(running), total: format.integer(total) })}
          </Stat>
        ))}
        <Stat label={t('jobs.slots.scripts')} note={<Waiting count={script.waiting} />}>
          {format.integer(script.running)}
        </Stat>
        {parts.map(({ label, taken, total, text }) => (
          <Stat
            key={label}
            label={label}
            note={
              <span className={classes.slotBar}>
                <ProgressBar fraction={total === 0 ? 0 : taken / total} label={label} />
              </span>
            }
          >
            {text}
          </Stat>
        ))}
        {script.gpus.length === 0 ? null : (
          <Stat label={t('jobs.slots.gpus')} plain>
            <bdi dir="ltr">{script.gpus.join(', ')}</bdi>
          </Stat>
        )}
      </StatRow>
    </section>
  );
}

function Waiting({ count }: { readonly count: number }) {
  const { t } = useTranslation();
  return count === 0 ? t('jobs.slots.noneWait') : t('jobs.slots.wait', { count });
}
