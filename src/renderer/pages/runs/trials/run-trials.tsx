import { IconTargetArrow } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { Run, RunTrial, RunTrials } from '../../../../shared/contract/types.ts';
import { FIT_SECONDS } from '../../../../shared/run-search.ts';
import { ChartFrame } from '../../../components/chart-frame.tsx';
import { DataTable, type TableColumn } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Loaded } from '../../../components/loaded.tsx';
import { type Brushes, isInside, placeAxis } from '../../../components/parallel-axes.ts';
import { ParallelCoordinates } from '../../../components/parallel-coordinates.tsx';
import { StatusBadge, type Tone } from '../../../components/status-badge.tsx';
import { useQuery } from '../../../engine/use-query.ts';
import { useFormat } from '../../../i18n/use-format.ts';
import { metricLabel } from '../verdict.ts';
import { TrialImportance } from './trial-importance.tsx';
import { TrialPareto } from './trial-pareto.tsx';
import classes from './trials.module.css';
import { useFigureLabel } from './use-figure-label.ts';

const TONES: Readonly<Record<RunTrial['state'], Tone>> = {
  running: 'running',
  finished: 'good',
  pruned: 'unknown',
  failed: 'bad',
};

/** The trials of a search: how settings and result go together, and each of them. */
export function RunTrialsTab({ run }: { readonly run: Run }) {
  const query = useQuery('runs', 'trials', { id: run.id }, { keepPrevious: true });
  const { t } = useTranslation();
  return (
    <Loaded query={query}>
      {(search) => {
        if (search.trials.length > 0) return <Trials search={search} />;
        return (
          <EmptyState
            icon={IconTargetArrow}
            title={t('runs.trials.none')}
            text={t('runs.trials.noneText')}
            command={`falaj runs trials ${run.id}`}
          />
        );
      }}
    </Loaded>
  );
}

function Trials({ search }: { readonly search: RunTrials }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [, navigate] = useLocation();
  const [brushes, setBrushes] = useState<Brushes>({});
  const { trials, settings, metric, isGreaterBetter } = search;
  const columns = useColumns(search);
  const axes = useMemo(
    () => [
      ...settings.map((name) => ({
        key: name,
        label: name,
        values: trials.map((trial) => numberOrText(trial.settings[name])),
      })),
      { key: metric, label: metricLabel(metric), values: trials.map(({ value }) => value) },
    ],
    [trials, settings, metric],
  );
  const measured = trials.flatMap(({ value }) => (value === null ? [] : [value]));
  const [low, high] = [Math.min(...measured), Math.max(...measured)];
  const goodnessOf = (value: number | null): number | null => {
    if (value === null || high === low) return value === null ? null : 1;
    const share = (value - low) / (high - low);
    return isGreaterBetter ? share : 1 - share;
  };
  const placed = axes.map((axis) => placeAxis(axis, String));
  const shown = trials.filter((_trial, line) => isInside(placed, brushes, line));
  const best = trials[0]!;
  return (
    <div className={classes.page}>
      <ChartFrame
        title={t('runs.trials.title')}
        summary={t(search.folds === null ? 'runs.trials.summary' : 'runs.trials.summaryFolds', {
          count: trials.length,
          metric: metricLabel(metric),
          value: best.value === null ? '–' : format.fixed(best.value, 4),
          deviation: best.deviation === null ? '–' : format.fixed(best.deviation, 4),
          folds: search.folds,
        })}
        fileName="trials"
        table={{
          columns: ['trial', 'state', ...settings, `validation_${metric}`, 'deviation'],
          rows: trials.map((trial) => [
            trial.number,
            trial.state,
            ...settings.map((name) => trial.settings[name] ?? null),
            trial.value,
            trial.deviation,
          ]),
        }}
      >
        <ParallelCoordinates
          label={t('runs.trials.title')}
          axes={axes}
          lines={trials.map(({ run, number, value }) => ({
            key: run,
            label: `${String(number)}: ${value === null ? '–' : format.fixed(value, 4)}`,
            goodness: goodnessOf(value),
          }))}
          brushes={brushes}
          onBrush={setBrushes}
          onOpen={(key) => navigate(`/runs/${key}`)}
        />
      </ChartFrame>
      <p className={classes.note}>
        {Object.keys(brushes).length === 0
          ? t('runs.trials.brush')
          : t('runs.trials.shown', { shown: shown.length, count: trials.length })}
      </p>
      <div className={classes.pair}>
        <TrialPareto search={search} />
        <TrialImportance search={search} />
      </div>
      <div className={classes.table}>
        <DataTable
          label={t('runs.trials.title')}
          rows={shown}
          rowKey={(trial) => trial.run}
          href={(trial) => `/runs/${trial.run}`}
          columns={columns}
        />
      </div>
    </div>
  );
}

function useColumns({ settings, metric, figures, folds }: RunTrials): readonly TableColumn<RunTrial>[] {
  const { t } = useTranslation();
  const format = useFormat();
  const labelOf = useFigureLabel();
  const isTimed = figures.some(({ name }) => name === FIT_SECONDS);
  const timeColumn: TableColumn<RunTrial> = {
    id: FIT_SECONDS,
    header: labelOf(FIT_SECONDS),
    width: '110px',
    align: 'end',
    value: (one) => one.figures[FIT_SECONDS] ?? null,
    cell: (one) =>
      one.figures[FIT_SECONDS] === undefined ? '–' : format.number(one.figures[FIT_SECONDS], 3),
  };
  const deviationColumn: TableColumn<RunTrial> = {
    id: 'deviation',
    header: t('runs.trials.deviation'),
    width: '110px',
    align: 'end',
    value: (one) => one.deviation,
    cell: (one) => (one.deviation === null ? '–' : format.fixed(one.deviation, 4)),
  };
  return [
    {
      id: 'trial',
      header: t('runs.trials.trial'),
      width: '60px',
      align: 'end',
      value: (one) => one.number,
      cell: (one) => format.integer(one.number),
    },
    {
      id: 'state',
      header: t('runs.status'),
      width: '120px',
      value: (one) => one.state,
      cell: (one) => (
        <StatusBadge tone={TONES[one.state]} plain>
          {t(`runs.trials.states.${one.state}`)}
        </StatusBadge>
      ),
    },
    {
      id: 'value',
      header: metricLabel(metric),
      width: '90px',
      align: 'end',
      value: (one) => one.value,
      cell: (one) => (one.value === null ? '–' : format.fixed(one.value, 4)),
    },
    ...(folds === null ? [] : [deviationColumn]),
    ...(isTimed ? [timeColumn] : []),
    ...settings.map(
      (name): TableColumn<RunTrial> => ({
        id: name,
        header: name,
        width: 'minmax(100px, 1fr)',
        align: 'end',
        value: (one) => numberOrText(one.settings[name]),
        cell: (one) => <bdi>{one.settings[name]}</bdi>,
      }),
    ),
  ];
}

function numberOrText(text: string | undefined): number | string | null {
  if (text === undefined || text === '') return null;
  const value = Number(text);
  return Number.isNaN(value) ? text : value;
}
