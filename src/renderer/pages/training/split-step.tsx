import { NumberInput, SegmentedControl, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Step } from './step.tsx';
import type { SplitBy } from './train-form.ts';
import classes from './training.module.css';
import type { FormState } from './use-train-form.ts';

const WAYS: readonly SplitBy[] = ['time', 'random', 'group'];

/** Which rows the model learns from, and on which it is judged. */
export function SplitStep({ form, onChange, profiles }: FormState) {
  const { t } = useTranslation();
  const training = 100 - form.testPercent - form.validationPercent;
  return (
    <Step number={3} title={t('training.steps.split')}>
      <SegmentedControl<SplitBy>
        fullWidth
        aria-label={t('training.steps.split')}
        data={WAYS.map((value) => ({
          value,
          label: t(`training.splits.${value}`),
          disabled: value === 'time' && form.eventTime === '',
        }))}
        value={form.splitBy}
        onChange={(splitBy) => onChange({ splitBy })}
      />
      <p className={classes.hint}>{t(`training.splitHints.${form.splitBy}`)}</p>
      {form.splitBy === 'group' ? (
        <Select
          label={t('training.group')}
          searchable
          data={profiles.map(({ name }) => name)}
          value={form.group === '' ? null : form.group}
          onChange={(group) => onChange({ group: group ?? '' })}
        />
      ) : null}
      <div className={classes.pair}>
        <NumberInput
          label={t('training.validation')}
          suffix=" %"
          min={0}
          max={50}
          value={form.validationPercent}
          onChange={(value) => onChange({ validationPercent: Number(value) || 0 })}
        />
        <NumberInput
          label={t('training.test')}
          suffix=" %"
          min={1}
          max={90}
          value={form.testPercent}
          onChange={(value) => onChange({ testPercent: Number(value) || 1 })}
        />
      </div>
      <div className={classes.split} aria-hidden>
        {(
          [
            ['train', training],
            ['validation', form.validationPercent],
            ['test', form.testPercent],
          ] as const
        ).map(([part, percent]) => (
          <span key={part} data-part={part} style={{ flexGrow: Math.max(0, percent) }} />
        ))}
      </div>
    </Step>
  );
}
