import { Checkbox, Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { LabelTask } from '../../../shared/tuning-goal.ts';
import { Histogram } from '../../components/histogram.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import { Step } from './step.tsx';
import { taskOf } from './train-form.ts';
import classes from './training.module.css';
import type { FormState } from './use-train-form.ts';

const TASKS: readonly LabelTask[] = ['binary', 'multiclass', 'regression'];

/** What is to be predicted: a column, or a rule that makes a yes or no of columns. */
export function LabelStep(state: FormState) {
  const { form, onChange, profiles, inferred } = state;
  const { t } = useTranslation();
  return (
    <Step number={2} title={t('training.steps.label')}>
      {form.rule ? (
        <TextInput
          label={t('training.rule')}
          description={t('training.ruleHint')}
          placeholder="delay > 15"
          dir="ltr"
          value={form.label}
          onChange={(event) => onChange({ label: event.currentTarget.value })}
        />
      ) : (
        <Select
          label={t('training.labelColumn')}
          searchable
          disabled={form.dataset === ''}
          data={profiles.map(({ name }) => name)}
          value={form.label === '' ? null : form.label}
          onChange={(label) => onChange({ label: label ?? '', task: '' })}
        />
      )}
      <Checkbox
        label={t('training.asRule')}
        checked={form.rule}
        onChange={(event) => onChange({ rule: event.currentTarget.checked, label: '', task: '' })}
      />
      <LabelPanel {...state} />
      <Select
        label={t('training.task')}
        allowDeselect={false}
        disabled={form.label === ''}
        data={TASKS.map((task) => ({ value: task, label: t(`training.tasks.${task}`) }))}
        value={form.label === '' ? null : taskOf(form, inferred)}
        onChange={(task) => onChange({ task: TASKS.find((one) => one === task) ?? '' })}
      />
    </Step>
  );
}

/** How the label is distributed, and what stands against learning it. */
function LabelPanel({ label }: FormState) {
  const { t } = useTranslation();
  const format = useFormat();
  if (label === null) return null;
  const { profile, facts } = label;
  const isAmount = facts.task === 'regression' && profile.histogram.length > 0;
  const bars = isAmount
    ? profile.histogram.map(({ from, to, count }) => ({
        key: String(from),
        height: count,
        title: `${format.number(from)} – ${format.number(to)}: ${format.integer(count)}`,
      }))
    : profile.topValues.map(({ value, count }) => ({
        key: String(value),
        height: count,
        title: `${String(value)}: ${format.integer(count)}`,
      }));
  return (
    <div className={classes.label}>
      {bars.length === 0 ? null : (
        <div className={classes.bars}>
          <Histogram bars={bars} label={t('training.distribution', { column: profile.name })} />
        </div>
      )}
      {isAmount ? null : (
        <dl className={classes.classes}>
          {profile.topValues.slice(0, 5).map(({ value, count }) => (
            <div key={String(value)}>
              <dt>
                <bdi dir="ltr">{String(value)}</bdi>
              </dt>
              <dd>{format.percent(profile.rows === 0 ? 0 : count / profile.rows, 1)}</dd>
            </div>
          ))}
        </dl>
      )}
      {facts.warnings.map((warning) => (
        <p key={warning} className={classes.warning}>
          <StatusBadge tone={facts.task === null ? 'bad' : 'attention'} plain>
            {t(`training.labelWarnings.${warning}`, { share: format.percent(facts.missingShare, 1) })}
          </StatusBadge>
        </p>
      ))}
    </div>
  );
}
