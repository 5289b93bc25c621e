import { SegmentedControl, TextInput } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SearchFields } from './search-fields.tsx';
import type { LearnerKind } from './search-form.ts';
import { Step } from './step.tsx';
import classes from './training.module.css';
import type { FormState } from './use-train-form.ts';

const KINDS: readonly LearnerKind[] = ['auto', 'gbdt', 'linear', 'mlp'];

/** Settings by learner with their defaults: the main ones, and then those for who knows them. */
const SETTINGS: Readonly<
  Record<
    Exclude<LearnerKind, 'auto'>,
    readonly { readonly name: string; readonly usual: string; readonly main?: true }[]
  >
> = {
  gbdt: [
    { name: 'trees', usual: '200', main: true },
    { name: 'leaves', usual: '31', main: true },
    { name: 'learningRate', usual: '0.1', main: true },
    { name: 'earlyStopping', usual: '', main: true },
    { name: 'minRowsPerLeaf', usual: '20' },
    { name: 'maxDepth', usual: '' },
    { name: 'l1', usual: '0' },
    { name: 'l2', usual: '0' },
    { name: 'rowSampling', usual: '1' },
    { name: 'columnSampling', usual: '1' },
    { name: 'objective', usual: '' },
    { name: 'classWeights', usual: '' },
  ],
  linear: [
    { name: 'l2', usual: '1', main: true },
    { name: 'l1', usual: '0', main: true },
    { name: 'maxIterations', usual: '100' },
    { name: 'classWeights', usual: '' },
  ],
  mlp: [
    { name: 'hidden', usual: '64, 32', main: true },
    { name: 'epochs', usual: '20', main: true },
    { name: 'learningRate', usual: '0.001', main: true },
    { name: 'earlyStopping', usual: '', main: true },
    { name: 'dropout', usual: '0' },
    { name: 'batchRows', usual: '256' },
    { name: 'weightDecay', usual: '0.0001' },
    { name: 'classWeights', usual: '' },
  ],
};

/** What learns, with what settings, and whether the best ones are searched for. */
export function LearnerStep({ form, onChange, inferred }: FormState) {
  const { t } = useTranslation();
  const { learner } = form;
  return (
    <Step number={4} title={t('training.steps.learner')}>
      <SegmentedControl<LearnerKind>
        fullWidth
        aria-label={t('training.learner')}
        data={KINDS.map((value) => ({ value, label: t(`training.learners.${value}`) }))}
        value={learner}
        onChange={(chosen) => onChange({ learner: chosen, settings: {}, trials: 0 })}
      />
      <p className={classes.hint}>{t(`training.learnerHints.${learner}`)}</p>
      {learner === 'auto' ? null : <Settings learner={learner} form={form} onChange={onChange} />}
      <SearchFields form={form} onChange={onChange} inferred={inferred} />
    </Step>
  );
}

function Settings({
  learner,
  form,
  onChange,
}: Pick<FormState, 'form' | 'onChange'> & { readonly learner: Exclude<LearnerKind, 'auto'> }) {
  const { t } = useTranslation();
  const [all, setAll] = useState(false);
  const shown = SETTINGS[learner].filter(({ main }) => all || main === true);
  return (
    <>
      <div className={classes.pair}>
        {shown.map(({ name, usual }) => (
          <TextInput
            key={name}
            label={<code>{name}</code>}
            placeholder={usual === '' ? t('training.unset') : usual}
            dir="ltr"
            value={form.settings[name] ?? ''}
            onChange={(event) =>
              onChange({ settings: { ...form.settings, [name]: event.currentTarget.value } })
            }
          />
        ))}
      </div>
      <button type="button" className={classes.fold} aria-expanded={all} onClick={() => setAll(!all)}>
        {t(all ? 'training.lessSettings' : 'training.moreSettings')}
      </button>
    </>
  );
}
