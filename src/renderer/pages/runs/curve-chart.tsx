import { useIntersection } from '@mantine/hooks';
import { useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { ChartFrame, type ChartTable } from '../../components/chart-frame.tsx';
import { Code } from '../../components/code.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { MetricChart } from '../../components/metric-chart.tsx';
import {
  alignSeries,
  type MetricSeries,
  refined,
  type StepPoint,
  type StepRange,
  withPoints,
} from '../../components/metric-series.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './charts.module.css';
import type { CurveView } from './curve-controls.tsx';
import { useSeries } from './use-series.ts';
import { metricLabel } from './verdict.ts';

export interface ChartCurve {
  readonly run: string;
  readonly metric: string;
  readonly label: string;
  readonly color: number;
}

export interface CurveChartProps {
  readonly title: string;
  readonly curves: readonly ChartCurve[];
  readonly view: CurveView;
  /** Points that came since, by metric. */
  readonly live?: ReadonlyMap<string, readonly StepPoint[]>;
  /** False where the colours are explained elsewhere on the page. */
  readonly legend?: boolean;
}

/** Points of all curves of a chart together, which a screen draws without a pause. */
const POINTS_TOGETHER = 60_000;
const MOST_POINTS = 2000;
const HEIGHT_PX = 230;
/** Above it the table lists points, since it would have too many columns. */
const FEW = 12;
const NO_POINTS: readonly StepPoint[] = [];

/** Curves over steps, asked for when they come into view; the part that is zoomed into is asked for again, finer. */
export function CurveChart({ title, curves, view, live, legend = true }: CurveChartProps) {
  const { t } = useTranslation();
  const [range, setRange] = useState<StepRange>(null);
  const { ref, entry } = useIntersection({ rootMargin: '300px' });
  const [seen, setSeen] = useState(false);
  const inView = entry?.isIntersecting === true;
  useEffect(() => {
    if (inView) setSeen(true);
  }, [inView]);
  const points = Math.min(MOST_POINTS, Math.floor(POINTS_TOGETHER / Math.max(1, curves.length)));
  const whole = useSeries(curves, { points, enabled: seen });
  const fine = useSeries(curves, { points, range, enabled: seen && range !== null });
  const [wholeCurves, fineCurves] = [whole.curves, fine.curves];
  const series = useMemo(
    () =>
      curves.map(({ run, metric, label, color }, place): MetricSeries => {
        const drawn = refined(wholeCurves[place]!.points, fineCurves[place]!.points, range);
        return {
          key: `${run} ${metric}`,
          label,
          color,
          points: withPoints(drawn, live?.get(metric) ?? NO_POINTS),
          notFinite: (range === null ? wholeCurves : fineCurves)[place]!.notFinite,
        };
      }),
    [curves, wholeCurves, fineCurves, range, live],
  );
  const table = useMemo(() => tableOf(series), [series]);
  const summary = useSummary(series);
  const broken = series.flatMap(({ notFinite }) => notFinite);
  return (
    <div ref={ref}>
      <ChartFrame
        title={<Code>{metricLabel(title)}</Code>}
        summary={summary}
        table={table}
        fileName={title.replace(/\W+/g, '-')}
        legend={(legend ? series : []).map(({ key, label, color }) => ({
          key,
          label,
          color: `var(--series-${String((color % 8) + 1)})`,
        }))}
      >
        {whole.error === undefined ? null : <ErrorPanel error={whole.error} onRetry={whole.retry} />}
        {whole.loading ? (
          <div style={{ minBlockSize: HEIGHT_PX }}>
            <Skeleton lines={6} />
          </div>
        ) : (
          <MetricChart
            series={series}
            height={HEIGHT_PX}
            xLabel={t('runs.step')}
            yLabel={metricLabel(title)}
            logarithmic={view.logarithmic}
            smoothing={view.smoothing}
            syncKey="curves"
            range={range}
            onRange={setRange}
          />
        )}
      </ChartFrame>
      {broken.length === 0 ? null : (
        <p className={classes.broken}>
          {t('runs.notFinite', { count: broken.length })}{' '}
          <Code>
            {broken
              .slice(0, 3)
              .map(({ step, value }) => `${value} @ ${String(step)}`)
              .join(', ')}
            {broken.length > 3 ? ' …' : ''}
          </Code>
        </p>
      )}
    </div>
  );
}

/** A column for each of a few curves; of many, a row for each point. */
function tableOf(series: readonly MetricSeries[]): ChartTable {
  if (series.length > FEW)
    return {
      columns: ['series', 'step', 'value'],
      rows: series.flatMap(({ label, points, notFinite }) => [
        ...points.map(({ step, value }) => [label, step, value]),
        ...notFinite.map(({ step, value }) => [label, step, value]),
      ]),
    };
  const [steps, ...values] = alignSeries(series.map(({ points }) => points));
  return {
    columns: ['step', ...series.map(({ label }) => label)],
    rows: steps!.map((step, place) => [step, ...values.map((line) => line[place] ?? null)]),
  };
}

function useSummary(series: readonly MetricSeries[]): string {
  const { t } = useTranslation();
  const format = useFormat();
  const drawn = series.filter(({ points }) => points.length > 0);
  if (drawn.length > FEW) {
    const last = drawn.map(({ points }) => points.at(-1)!.value);
    return t('chart.summaryCurves', {
      count: drawn.length,
      low: format.number(Math.min(...last), 5),
      high: format.number(Math.max(...last), 5),
    });
  }
  return drawn
    .map(({ label, points }) =>
      t('chart.summaryCurve', {
        series: label,
        points: format.integer(points.length),
        last: format.number(points.at(-1)!.value, 5),
      }),
    )
    .join(' ');
}
