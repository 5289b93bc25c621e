import { MultiSelect, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useQuery } from '../../engine/use-query.ts';
import { Step } from './step.tsx';
import { columnsOf } from './train-form.ts';
import classes from './training.module.css';
import type { FormState } from './use-train-form.ts';

/** The rows, and what of them, or of the feature store, the model may see. */
export function DataStep({ form, onChange, profiles, inferred }: FormState) {
  const { t } = useTranslation();
  const datasets = useQuery('data', 'list', undefined);
  const services = useQuery('features', 'services', undefined);
  const times = profiles.filter(({ type }) => type === 'timestamp' || type === 'date');
  const choose = (dataset: string | null): void => {
    const found = datasets.data?.find(({ name }) => name === dataset);
    onChange({
      dataset: dataset ?? '',
      eventTime: found?.eventTime ?? '',
      splitBy: found?.eventTime ? 'time' : 'random',
      columns: null,
      label: '',
      task: '',
      group: '',
      name: form.name === '' && dataset !== null ? `${dataset}-model` : form.name,
    });
  };
  return (
    <Step number={1} title={t('training.steps.data')}>
      <Select
        label={t('training.dataset')}
        searchable
        data={(datasets.data ?? []).map(({ name }) => name)}
        value={form.dataset === '' ? null : form.dataset}
        onChange={choose}
      />
      {datasets.data?.length === 0 ? (
        <p className={classes.hint}>
          {t('training.noDataset')} <Link href="/data">{t('rooms.data')}</Link>
        </p>
      ) : null}
      <div className={classes.pair}>
        <Select
          label={t('training.service')}
          placeholder={t('training.noService')}
          clearable
          disabled={form.dataset === '' || (services.data ?? []).length === 0}
          data={(services.data ?? []).map(({ name }) => name)}
          value={form.service === '' ? null : form.service}
          onChange={(service) => onChange({ service: service ?? '', columns: null })}
        />
        <Select
          label={t('training.eventTime')}
          placeholder={t('training.none')}
          clearable
          disabled={times.length === 0}
          data={times.map(({ name }) => name)}
          value={form.eventTime === '' ? null : form.eventTime}
          onChange={(eventTime) =>
            onChange({
              eventTime: eventTime ?? '',
              ...(eventTime === null && form.splitBy === 'time' ? { splitBy: 'random' } : {}),
            })
          }
        />
      </div>
      <MultiSelect
        label={t('training.columns')}
        description={t(form.service === '' ? 'training.columnsHint' : 'training.columnsBeside')}
        searchable
        disabled={form.dataset === ''}
        data={profiles.map(({ name }) => name).filter((name) => name !== form.label)}
        value={[...columnsOf(form, inferred)]}
        onChange={(columns) => onChange({ columns })}
      />
    </Step>
  );
}
