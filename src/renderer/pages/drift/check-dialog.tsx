import { MultiSelect, Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { DriftTest, EngineClient } from '../../../shared/contract/types.ts';
import { selectionText } from '../../../shared/selection.ts';
import { ActionDialog } from '../../components/action-dialog.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useQuery } from '../../engine/use-query.ts';
import classes from './drift.module.css';
import { emptySelection, SelectionFields, type SelectionForm } from './selection-fields.tsx';

interface CheckInput {
  readonly reference: string;
  readonly current: string;
  readonly columns?: string[];
  readonly tests: 'auto' | DriftTest;
}

const startCheck = (client: EngineClient, input: CheckInput) => client.monitoring.check(input);

const textOf = ({ dataset, from, to }: SelectionForm): string => selectionText(dataset, from, to);

const TESTS = ['auto', 'psi', 'ks', 'wasserstein', 'js', 'chi2'] as const;

export interface CheckDialogProps {
  readonly opened: boolean;
  readonly onClose: () => void;
}

export function CheckDialog({ opened, onClose }: CheckDialogProps) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const datasets = useQuery('data', 'list', undefined, { enabled: opened });
  const start = useAction(startCheck);
  const [reference, setReference] = useState<SelectionForm>(emptySelection);
  const [current, setCurrent] = useState<SelectionForm>(emptySelection);
  const [columns, setColumns] = useState<string[]>([]);
  const [tests, setTests] = useState<'auto' | DriftTest>('auto');
  const all = datasets.data ?? [];
  const columnsOf = (name: string): readonly string[] =>
    all.find((dataset) => dataset.name === name)?.columns.map((column) => column.name) ?? [];
  const common = columnsOf(reference.dataset).filter((name) => columnsOf(current.dataset).includes(name));
  const named = columns.filter((name) => common.includes(name));
  const [first, second] = [textOf(reference), textOf(current)];
  const chosen = reference.dataset !== '' && current.dataset !== '';
  const same = chosen && first === second;
  const submit = async (): Promise<void> => {
    const input = {
      reference: first,
      current: second,
      tests,
      ...(named.length === 0 ? {} : { columns: named }),
    };
    const started = await start.run(input);
    if (started !== undefined) navigate(`/jobs/${started.job}`);
  };
  const command = [
    'falaj drift check',
    `--reference '${first === '' ? 'NAME' : first}'`,
    `--current '${second === '' ? 'NAME' : second}'`,
    ...(named.length === 0 ? [] : [`--columns ${named.join(',')}`]),
    ...(tests === 'auto' ? [] : [`--test ${tests}`]),
  ].join(' ');
  return (
    <ActionDialog
      opened={opened}
      onClose={onClose}
      title={t('drift.check')}
      size="lg"
      error={start.error}
      command={command}
      action={{ label: t('drift.run'), busy: start.busy, disabled: !chosen || same, run: submit }}
    >
      <SelectionFields
        title={t('drift.reference')}
        side="reference"
        datasets={all}
        value={reference}
        onChange={(next) => {
          setReference(next);
          if (current.dataset === '') setCurrent({ ...emptySelection, dataset: next.dataset });
        }}
        autoFocus
      />
      <SelectionFields
        title={t('drift.current')}
        side="current"
        datasets={all}
        value={current}
        onChange={setCurrent}
      />
      <div className={classes.pair}>
        <MultiSelect
          label={t('drift.onlyColumns')}
          description={t('drift.onlyColumnsHint')}
          data={common}
          searchable
          value={named}
          onChange={setColumns}
        />
        <Select
          label={t('drift.testChoice')}
          description={'\u00a0'}
          allowDeselect={false}
          data={TESTS.map((test) => ({ value: test, label: t(`drift.tests.${test}`) }))}
          value={tests}
          onChange={(test) => setTests(TESTS.find((known) => known === test) ?? 'auto')}
        />
      </div>
      {same ? <p className={classes.warning}>{t('drift.sameSelection')}</p> : null}
    </ActionDialog>
  );
}
