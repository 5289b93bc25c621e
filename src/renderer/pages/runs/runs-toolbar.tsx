import { Checkbox, Select } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { TRIAL_TAG } from '../../../shared/run-search.ts';
import { ColumnChooser } from '../../components/column-chooser.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { usePreference, usePreferencesStore } from '../../i18n/preferences-context.tsx';
import { columnGroups } from './run-columns.ts';
import classes from './runs.module.css';

const NO_NAMES = { metrics: [], params: [], tags: [] };

/** Which runs the list shows, and which columns of them, where it has the whole width or is narrowed. */
export function RunsToolbar({
  experiment,
  onExperiment,
  withTrials,
  onTrials,
  columns,
}: {
  readonly experiment: string | null;
  readonly onExperiment: (name: string | null) => void;
  readonly withTrials: boolean;
  readonly onTrials: (withTrials: boolean) => void;
  readonly columns: readonly string[];
}) {
  const { t } = useTranslation();
  const experiments = useQuery('runs', 'experiments', undefined).data ?? [];
  const names = useQuery('runs', 'names', undefined).data ?? NO_NAMES;
  const preferences = usePreferencesStore();
  const kept = usePreference('runColumns');
  const groups = useMemo(() => columnGroups(names, (key) => t(`runs.${key}`)), [names, t]);
  return (
    <>
      {names.tags.includes(TRIAL_TAG) ? (
        <Checkbox
          size="xs"
          label={t('runs.tabTrials')}
          checked={withTrials}
          onChange={(event) => onTrials(event.currentTarget.checked)}
        />
      ) : null}
      {experiments.length > 1 ? (
        <Select
          className={classes.experiments ?? ''}
          aria-label={t('runs.experiment')}
          placeholder={t('runs.allExperiments')}
          clearable
          data={experiments.map(({ name }) => name)}
          value={experiment}
          onChange={onExperiment}
        />
      ) : null}
      <ColumnChooser
        label={t('runs.columns')}
        groups={groups}
        chosen={new Set(columns)}
        onChange={(next) => preferences.setState({ runColumns: [...next] })}
        onReset={kept === null ? undefined : () => preferences.setState({ runColumns: null })}
      />
    </>
  );
}
