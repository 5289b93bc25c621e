import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../../shared/contract/types.ts';
import { Loaded } from '../../components/loaded.tsx';
import { useQuery } from '../../engine/use-query.ts';
import classes from './charts.module.css';
import { CurveChart } from './curve-chart.tsx';
import { CurveControls, useCurveView } from './curve-controls.tsx';
import shared from './runs.module.css';

/** One chart for each metric that is a curve of any of the runs, with every run's in its own colour. */
export function CompareCurves({ runs }: { readonly runs: readonly Run[] }) {
  const names = useQuery('runs', 'curvesOf', { ids: runs.map(({ id }) => id) }, { keepPrevious: true });
  return <Loaded query={names}>{(metrics) => <Curves runs={runs} metrics={metrics} />}</Loaded>;
}

function Curves({ runs, metrics }: { readonly runs: readonly Run[]; readonly metrics: readonly string[] }) {
  const { t } = useTranslation();
  const [view, change] = useCurveView();
  const charts = useMemo(
    () =>
      metrics.map((metric) => ({
        metric,
        curves: runs.map(({ id, name }, color) => ({
          run: id,
          metric,
          label: `${name} ${id.slice(0, 8)}`,
          color,
        })),
      })),
    [metrics, runs],
  );
  if (charts.length === 0) return <p className={shared.nothing}>{t('runs.noCurves')}</p>;
  return (
    <>
      <CurveControls view={view} onChange={change} />
      <div className={classes.charts}>
        {charts.map(({ metric, curves }) => (
          <CurveChart key={metric} title={metric} curves={curves} view={view} legend={runs.length <= 8} />
        ))}
      </div>
    </>
  );
}
