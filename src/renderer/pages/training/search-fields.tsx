import { NumberInput, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { isSearching } from './search-form.ts';
import { SearchObjectives } from './search-objectives.tsx';
import classes from './training.module.css';
import type { FormState } from './use-train-form.ts';

/** Whether the best settings are searched for, how long, and what the trials are judged by. */
export function SearchFields({
  form,
  onChange,
  inferred,
}: Pick<FormState, 'form' | 'onChange' | 'inferred'>) {
  const { t } = useTranslation();
  const isOff = !isSearching(form);
  return (
    <>
      <div className={classes.triple}>
        <NumberInput
          label={t('training.trials')}
          description={t(form.learner === 'auto' ? 'training.trialsAuto' : 'training.trialsHint')}
          min={0}
          max={10_000}
          value={form.trials}
          onChange={(value) => onChange({ trials: Number(value) || 0 })}
        />
        <NumberInput
          label={t('training.folds')}
          description={t('training.foldsHint')}
          min={0}
          max={20}
          disabled={isOff}
          value={form.folds}
          onChange={(value) => onChange({ folds: Number(value) || 0 })}
        />
        <TextInput
          label={t('training.timeLimit')}
          description={t('training.timeLimitHint')}
          dir="ltr"
          disabled={isOff}
          value={form.timeLimit}
          onChange={(event) => onChange({ timeLimit: event.currentTarget.value })}
        />
      </div>
      {isOff ? null : <SearchObjectives form={form} onChange={onChange} inferred={inferred} />}
    </>
  );
}
