import { IconTargetArrow } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import type { Run, RunTrials } from '../../../../shared/contract/types.ts';
import { ChartFrame, type ChartTable } from '../../../components/chart-frame.tsx';
import { DataTable } from '../../../components/data-table.tsx';
import { EmptyState } from '../../../components/empty-state.tsx';
import { Loaded } from '../../../components/loaded.tsx';
import { type Brushes, isInside, placeAxis } from '../../../components/parallel-axes.ts';
import { ParallelCoordinates } from '../../../components/parallel-coordinates.tsx';
import { useWidth } from '../../../components/use-width.ts';
import { useQuery } from '../../../engine/use-query.ts';
import { useFormat } from '../../../i18n/use-format.ts';
import { numberOrText } from './setting-columns.tsx';
import { TrialImportance } from './trial-importance.tsx';
import { TrialPareto } from './trial-pareto.tsx';
import classes from './trials.module.css';
import { useFigureLabel } from './use-figure-label.ts';
import { useTrialColumns } from './use-trial-columns.tsx';

/** The trials of a search: how settings and result go together, and each of them. */
export function RunTrialsTab({ run }: { readonly run: Run }) {
  const query = useQuery('runs', 'trials', { id: run.id }, { keepPrevious: true });
  const { t } = useTranslation();
  return (
    <Loaded query={query}>
      {(search) => {
        if (search.trials.length > 0) return <Trials search={search} run={run.id} />;
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

function Trials({ search, run: current }: { readonly search: RunTrials; readonly run: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [, navigate] = useLocation();
  const [brushes, setBrushes] = useState<Brushes>({});
  const { trials, settings, isGreaterBetter, objectives } = search;
  const hasFront = objectives.length > 1;
  const labelOf = useFigureLabel();
  const [tableRef, tableWidth] = useWidth<HTMLDivElement>();
  const columns = useTrialColumns(search, tableWidth);
  const axes = useMemo(
    () => [
      ...settings.map((name) => ({
        key: name,
        label: name,
        values: trials.map((trial) => numberOrText(trial.settings[name])),
      })),
      ...objectives.map(({ name }) => ({
        key: name,
        label: labelOf(name),
        values: trials.map(({ figures }) => figures[name] ?? null),
      })),
    ],
    [trials, settings, objectives, labelOf],
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
  const summary = useSearchSummary(search);
  return (
    <div className={classes.page}>
      {search.run === current ? null : (
        <Link href={`/runs/${search.run}/trials`} className={classes.search}>
          {t('runs.trials.openSearch')}
        </Link>
      )}
      <ChartFrame
        title={t('runs.trials.title')}
        summary={summary}
        fileName="trials"
        table={trialTable(search)}
      >
        <ParallelCoordinates
          label={t('runs.trials.title')}
          axes={axes}
          lines={trials.map(({ run, number, value, isOnFront }) => ({
            key: run,
            label: `${String(number)}: ${value === null ? '–' : format.fixed(value, 4)}`,
            // With several objectives a line is as good as its place: on the front, or behind it.
            goodness: hasFront ? Number(isOnFront) : goodnessOf(value),
          }))}
          current={current}
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
      <div className={classes.table} ref={tableRef}>
        <DataTable
          label={t('runs.trials.title')}
          rows={shown}
          rowKey={(trial) => trial.run}
          href={(trial) => `/runs/${trial.run}`}
          columns={columns}
          selectedKey={current}
        />
      </div>
    </div>
  );
}

/** What the chart of a search shows, in a sentence. */
function useSearchSummary({ trials, objectives, folds, metric }: RunTrials): string {
  const { t } = useTranslation();
  const format = useFormat();
  const labelOf = useFigureLabel();
  const count = trials.length;
  if (objectives.length > 1)
    return t('runs.trials.summaryFront', {
      count,
      front: trials.filter(({ isOnFront }) => isOnFront).length,
    });
  const text = (value: number | null): string => (value === null ? '–' : format.fixed(value, 4));
  const { value, deviation } = trials[0]!;
  const described = { count, metric: labelOf(metric), value: text(value) };
  return folds === null
    ? t('runs.trials.summary', described)
    : t('runs.trials.summaryFolds', { ...described, deviation: text(deviation), folds });
}

const trialTable = ({ trials, settings, objectives }: RunTrials): ChartTable => ({
  columns: ['trial', 'state', 'front', ...settings, ...objectives.map(({ name }) => name), 'deviation'],
  rows: trials.map((trial) => [
    trial.number,
    trial.state,
    Number(trial.isOnFront),
    ...settings.map((name) => trial.settings[name] ?? null),
    ...objectives.map(({ name }) => trial.figures[name] ?? null),
    trial.deviation,
  ]),
});
