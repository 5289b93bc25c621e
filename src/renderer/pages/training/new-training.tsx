import { Button } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconArrowLeft, IconPlayerPlay } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { stringify } from 'yaml';
import type { EngineClient } from '../../../shared/contract/types.ts';
import { CommandLine } from '../../components/command-line.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { YamlText } from '../../components/yaml-text.tsx';
import type { InputOf } from '../../engine/procedures.ts';
import { useAction } from '../../engine/use-action.ts';
import { useQuery } from '../../engine/use-query.ts';
import { DataStep } from './data-step.tsx';
import { LabelStep } from './label-step.tsx';
import { LearnerStep } from './learner-step.tsx';
import { SplitStep } from './split-step.tsx';
import { definitionOf, missingOf, scheduleOf, type TrainForm, trainCommand } from './train-form.ts';
import classes from './training.module.css';
import { useTrainForm } from './use-train-form.ts';
import { WhereStep } from './where-step.tsx';

interface Asked {
  readonly form: TrainForm;
  readonly text: string;
}

const documentsOf = ({ form, text }: Asked) => ({
  documents: [{ file: `${form.name}.yaml`, text }],
  prune: false,
});

async function train(client: EngineClient, asked: Asked): Promise<{ job: string }> {
  await client.features.apply(documentsOf(asked));
  return client.training.start({ name: asked.form.name, schedule: scheduleOf(asked.form) });
}

const CHECK_AFTER_MS = 400;

/** From a table to a training: the steps, and beside them the definition that they make. The address holds the form. */
export function NewTraining() {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const state = useTrainForm();
  const { form, inferred } = state;
  const training = useAction(train);
  const definition = useMemo(() => definitionOf(form, inferred), [form, inferred]);
  const text = useMemo(() => stringify(definition), [definition]);
  const missing = missingOf(form, inferred);
  const isComplete = missing.length === 0;
  const [checked] = useDebouncedValue(text, CHECK_AFTER_MS);
  const plan = useQuery('features', 'plan', documentsOf({ form, text: checked }), {
    enabled: isComplete && checked === text,
  });
  const isSettled = isComplete && checked === text;
  const check = useQuery(
    'training',
    'check',
    { definition: definition as InputOf<'training', 'check'>['definition'] },
    { enabled: isSettled && plan.data !== undefined && plan.error === undefined, keepPrevious: true },
  );
  const problem = isSettled ? (plan.error ?? check.error) : undefined;
  const isReady = isSettled && problem === undefined && check.data !== undefined && !check.fetching;
  const start = async (): Promise<void> => {
    const started = await training.run({ form, text });
    if (started !== undefined) navigate(`/jobs/${started.job}`);
  };
  return (
    <div className={classes.page}>
      <PageHeader
        title={t('training.new')}
        subtitle={t('training.newLead')}
        actions={
          <Button
            component={Link}
            href="/training"
            variant="default"
            leftSection={<IconArrowLeft size={14} className={classes.arrow} />}
          >
            {t('training.all')}
          </Button>
        }
      />
      <div className={classes.columns}>
        <form
          className={classes.steps}
          onSubmit={(event) => {
            event.preventDefault();
            if (isReady) void start();
          }}
        >
          <DataStep {...state} />
          <LabelStep {...state} />
          <SplitStep {...state} />
          <LearnerStep {...state} />
          <WhereStep {...state} />
          <div className={classes.actions}>
            <Button
              type="submit"
              leftSection={<IconPlayerPlay size={14} />}
              loading={training.busy}
              disabled={!isReady}
            >
              {t('training.start')}
            </Button>
          </div>
        </form>
        <div className={classes.beside}>
          <div className={classes.pad} aria-live="polite">
            {missing.length > 0 ? (
              <StatusBadge tone="unknown">
                {t('training.missing', {
                  parts: missing.map((part) => t(`training.parts.${part}`)).join(t('training.and')),
                })}
              </StatusBadge>
            ) : isReady ? (
              <StatusBadge tone="good">{t('training.ready')}</StatusBadge>
            ) : null}
            {problem === undefined ? null : <ErrorPanel error={problem} />}
            {training.error === undefined ? null : <ErrorPanel error={training.error} />}
          </div>
          <YamlText text={text} label={t('training.definition')} />
          <div className={classes.command}>
            <CommandLine command={trainCommand(form)} />
          </div>
        </div>
      </div>
    </div>
  );
}
