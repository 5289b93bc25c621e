import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../../shared/contract/types.ts';
import { Loaded } from '../../components/loaded.tsx';
import { withPoint } from '../../components/metric-series.ts';
import { StatusBadge } from '../../components/status-badge.tsx';
import { useQuery } from '../../engine/use-query.ts';
import classes from './charts.module.css';
import { CurveChart } from './curve-chart.tsx';
import { CurveControls, useCurveView } from './curve-controls.tsx';
import { curveGroups } from './curve-groups.ts';
import shared from './runs.module.css';
import { useHistories, useLivePoints } from './use-histories.ts';

export function RunCurves({ run }: { readonly run: Run }) {
  const names = useQuery('runs', 'curves', { id: run.id });
  return <Loaded query={names}>{(metrics) => <Curves run={run} metrics={metrics} />}</Loaded>;
}

function Curves({ run, metrics: stored }: { readonly run: Run; readonly metrics: readonly string[] }) {
  const { t } = useTranslation();
  const [view, change] = useCurveView();
  const running = run.status === 'running';
  const live = useLivePoints(running ? run.id : null);
  const metrics = [...new Set([...stored, ...live.keys()])];
  const histories = useHistories(metrics.map((metric) => ({ run: run.id, metric })));
  const names = metrics.join('\n');
  const charts = useMemo(() => {
    const order = names === '' ? [] : names.split('\n');
    const points = new Map(
      order.map((metric, place) => [
        metric,
        (live.get(metric) ?? []).reduce(withPoint, histories[place] ?? []),
      ]),
    );
    return curveGroups(order).map(({ title, curves }) => ({
      title,
      series: curves.map(({ metric, color }) => ({
        key: metric,
        label: metric,
        color,
        points: points.get(metric) ?? [],
      })),
    }));
  }, [names, histories, live]);
  if (charts.length === 0) return <p className={shared.nothing}>{t('runs.noCurves')}</p>;
  return (
    <>
      <CurveControls view={view} onChange={change}>
        {running ? <StatusBadge tone="running">{t('runs.live')}</StatusBadge> : null}
      </CurveControls>
      <div className={classes.charts}>
        {charts.map(({ title, series }) => (
          <CurveChart key={title} title={title} series={series} view={view} />
        ))}
      </div>
    </>
  );
}
