import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../../shared/contract/types.ts';
import { Loaded } from '../../components/loaded.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { useQuery } from '../../engine/use-query.ts';
import classes from './charts.module.css';
import { CurveChart } from './curve-chart.tsx';
import { CurveControls, useCurveView } from './curve-controls.tsx';
import { curveGroups } from './curve-groups.ts';
import shared from './runs.module.css';
import { useLivePoints } from './use-live-points.ts';

export function RunCurves({ run }: { readonly run: Run }) {
  const names = useQuery('runs', 'curves', { id: run.id });
  return <Loaded query={names}>{(metrics) => <Curves run={run} metrics={metrics} />}</Loaded>;
}

function Curves({ run, metrics: stored }: { readonly run: Run; readonly metrics: readonly string[] }) {
  const { t } = useTranslation();
  const [view, change] = useCurveView();
  const running = run.status === 'running';
  const live = useLivePoints(running ? run.id : null);
  const names = [...new Set([...stored, ...live.keys()])].join('\n');
  const charts = useMemo(
    () =>
      curveGroups(names === '' ? [] : names.split('\n')).map(({ title, curves }) => ({
        title,
        curves: curves.map(({ metric, color }) => ({ run: run.id, metric, label: metric, color })),
      })),
    [names, run.id],
  );
  if (charts.length === 0) return <p className={shared.nothing}>{t('runs.noCurves')}</p>;
  return (
    <>
      <CurveControls view={view} onChange={change}>
        {running ? <StatusBadge tone="running">{t('runs.live')}</StatusBadge> : null}
      </CurveControls>
      <div className={classes.charts}>
        {charts.map(({ title, curves }) => (
          <CurveChart key={title} title={title} curves={curves} view={view} live={live} />
        ))}
      </div>
    </>
  );
}
