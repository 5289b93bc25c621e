import { ActionIcon, Select, TextInput } from '@mantine/core';
import { IconArrowDown, IconArrowUp, IconPlus, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { isGreaterBetter } from '../../../shared/tuning-goal.ts';
import { useFigureLabel } from '../runs/trials/use-figure-label.ts';
import { MOST_OBJECTIVES, objectivesOf, offeredObjectives } from './search-form.ts';
import { taskOf } from './train-form.ts';
import classes from './training.module.css';
import type { FormState } from './use-train-form.ts';

/** What trials are judged by: one metric for most, up to three at once for who weighs them. */
export function SearchObjectives({
  form,
  onChange,
  inferred,
}: Pick<FormState, 'form' | 'onChange' | 'inferred'>) {
  const { t } = useTranslation();
  const labelOf = useFigureLabel();
  const task = taskOf(form, inferred);
  if (task === null) return null;
  const objectives = objectivesOf(form, task);
  const offered = offeredObjectives(form.learner, task);
  const change = (changed: readonly string[]): void =>
    onChange({
      objectives: changed,
      choose: changed.includes(form.choose) || form.choose === 'knee' ? form.choose : '',
    });
  /** What may stand at a place: nothing twice, and how good the model is before all. */
  const optionsAt = (place: number) =>
    [
      { group: t('training.objectives.quality'), names: offered.quality },
      { group: t('training.objectives.costs'), names: place === 0 ? [] : offered.costs },
    ]
      .filter(({ names }) => names.length > 0)
      .map(({ group, names }) => ({
        group,
        items: names
          .filter((name) => name === objectives[place] || !objectives.includes(name))
          .map((value) => ({ value, label: labelOf(value) })),
      }));
  const next = [...offered.costs, ...offered.quality].find((name) => !objectives.includes(name));
  const canAdd = form.learner !== 'auto' && objectives.length < MOST_OBJECTIVES && next !== undefined;
  return (
    <section className={classes.objectives} aria-label={t('training.objectives.title')}>
      <p className={classes.objectivesTitle}>{t('training.objectives.title')}</p>
      {objectives.map((metric, place) => (
        <div key={metric} className={classes.objective}>
          <Select
            aria-label={t('training.objectives.place', { place: place + 1 })}
            data={optionsAt(place)}
            value={metric}
            allowDeselect={false}
            onChange={(chosen) => change(objectives.with(place, chosen ?? metric))}
          />
          <span className={classes.direction}>
            {isGreaterBetter(metric) ? (
              <IconArrowUp size={14} aria-hidden />
            ) : (
              <IconArrowDown size={14} aria-hidden />
            )}
            {t(isGreaterBetter(metric) ? 'training.objectives.more' : 'training.objectives.less')}
          </span>
          {place === 0 ? null : (
            <ActionIcon
              aria-label={t('training.objectives.remove', { metric: labelOf(metric) })}
              onClick={() => change(objectives.toSpliced(place, 1))}
            >
              <IconX size={14} />
            </ActionIcon>
          )}
        </div>
      ))}
      {canAdd ? (
        <button type="button" className={classes.fold} onClick={() => change([...objectives, next])}>
          <IconPlus size={12} aria-hidden /> {t('training.objectives.add')}
        </button>
      ) : null}
      {objectives.length > 1 ? <ChosenTrial form={form} onChange={onChange} objectives={objectives} /> : null}
    </section>
  );
}

/** Stands for the best of the first objective, which a definition does not name. */
const FIRST = 'first';

/** Which of the trials that no other beats becomes the model. */
function ChosenTrial({
  form,
  onChange,
  objectives,
}: Pick<FormState, 'form' | 'onChange'> & { readonly objectives: readonly string[] }) {
  const { t } = useTranslation();
  const labelOf = useFigureLabel();
  const [first, ...others] = objectives;
  const isOther = others.includes(form.choose);
  const bestIn = (metric: string): string => t('training.objectives.bestIn', { metric: labelOf(metric) });
  return (
    <div className={classes.pair}>
      <Select
        label={t('training.objectives.choose')}
        description={t('training.objectives.chooseHint')}
        allowDeselect={false}
        data={[
          { value: FIRST, label: bestIn(first!) },
          { value: 'knee', label: t('training.objectives.knee') },
          ...others.map((value) => ({ value, label: bestIn(value) })),
        ]}
        value={isOther || form.choose === 'knee' ? form.choose : FIRST}
        onChange={(chosen) => onChange({ choose: chosen === null || chosen === FIRST ? '' : chosen })}
      />
      {isOther ? (
        <TextInput
          label={t('training.objectives.within', { metric: labelOf(first!) })}
          description={t('training.objectives.withinHint')}
          dir="ltr"
          inputMode="decimal"
          value={form.within}
          onChange={(event) => onChange({ within: event.currentTarget.value })}
        />
      ) : null}
    </div>
  );
}
