import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../../shared/contract/types.ts';
import { useQuery } from '../../engine/use-query.ts';
import classes from './charts.module.css';
import { CurveChart } from './curve-chart.tsx';
import { CurveControls, useCurveView } from './curve-controls.tsx';
import { useHistories } from './use-histories.ts';

/** One chart for each curve of the first run, with every run's in its own colour. */
export function CompareCurves({ runs }: { readonly runs: readonly Run[] }) {
  const { t } = useTranslation();
  const [view, change] = useCurveView();
  const names = useQuery('runs', 'curves', { id: runs[0]!.id });
  const metrics = names.data ?? [];
  const histories = useHistories(metrics.flatMap((metric) => runs.map(({ id }) => ({ run: id, metric }))));
  const charts = useMemo(
    () =>
      (names.data ?? []).map((metric, place) => ({
        metric,
        series: runs.map((run, index) => ({
          key: run.id,
          label: `${run.name} ${run.id.slice(0, 8)}`,
          color: index,
          points: histories[place * runs.length + index] ?? [],
        })),
      })),
    [names.data, runs, histories],
  );
  if (charts.length === 0) return null;
  return (
    <>
      <CurveControls view={view} onChange={change}>
        <h2>{t('runs.curves')}</h2>
      </CurveControls>
      <div className={classes.charts}>
        {charts.map(({ metric, series }) => (
          <CurveChart key={metric} title={metric} series={series} view={view} legend={false} />
        ))}
      </div>
    </>
  );
}
