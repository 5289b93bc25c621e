import { Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { PRIORITIES } from '../jobs/job-order.ts';
import { Step } from './step.tsx';
import classes from './training.module.css';
import type { FormState } from './use-train-form.ts';

/** What it is called, where it runs, and what becomes of the model. */
export function WhereStep({ form, onChange }: FormState) {
  const { t } = useTranslation();
  const format = useFormat();
  const slots = useQuery('jobs', 'slots', undefined).data;
  return (
    <Step number={5} title={t('training.steps.where')}>
      <div className={classes.pair}>
        <TextInput
          label={t('training.name')}
          dir="ltr"
          value={form.name}
          onChange={(event) => onChange({ name: event.currentTarget.value })}
        />
        <TextInput
          label={t('training.model')}
          description={t('training.modelHint')}
          dir="ltr"
          value={form.model}
          onChange={(event) => onChange({ model: event.currentTarget.value })}
        />
      </div>
      <Select
        label={t('jobs.priority')}
        allowDeselect={false}
        data={PRIORITIES.map((value) => ({ value, label: t(`jobs.priorities.${value}`) }))}
        value={form.priority}
        onChange={(chosen) => onChange({ priority: PRIORITIES.find((one) => one === chosen) ?? 'normal' })}
      />
      {slots === undefined ? null : (
        <p className={classes.hint}>
          {t('training.here', {
            cores: format.integer(slots.script.cpus.total),
            running: format.integer(slots.training.running),
            places: format.integer(slots.training.places),
          })}
        </p>
      )}
    </Step>
  );
}
