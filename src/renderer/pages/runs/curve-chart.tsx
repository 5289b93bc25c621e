import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { ChartFrame } from '../../components/chart-frame.tsx';
import { Code } from '../../components/code.tsx';
import { MetricChart } from '../../components/metric-chart.tsx';
import type { MetricSeries } from '../../components/metric-plot.tsx';
import { alignSeries } from '../../components/metric-series.ts';
import { useFormat } from '../../i18n/use-format.ts';
import type { CurveView } from './curve-controls.tsx';
import { metricLabel } from './verdict.ts';

export interface CurveChartProps {
  readonly title: string;
  readonly series: readonly MetricSeries[];
  readonly view: CurveView;
  /** False where the colours are explained elsewhere on the page. */
  readonly legend?: boolean;
}

export function CurveChart({ title, series, view, legend = true }: CurveChartProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const table = useMemo(() => {
    const [steps, ...values] = alignSeries(series.map(({ points }) => points));
    return {
      columns: ['step', ...series.map(({ label }) => label)],
      rows: steps!.map((step, place) => [step, ...values.map((line) => line[place] ?? null)]),
    };
  }, [series]);
  const summary = series
    .filter(({ points }) => points.length > 0)
    .map(({ label, points }) =>
      t('chart.summaryCurve', {
        series: label,
        points: format.integer(points.length),
        last: format.number(points.at(-1)!.value, 5),
      }),
    )
    .join(' ');
  return (
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
      <MetricChart
        series={series}
        height={230}
        xLabel={t('runs.step')}
        yLabel={metricLabel(title)}
        logarithmic={view.logarithmic}
        smoothing={view.smoothing}
        syncKey="curves"
      />
    </ChartFrame>
  );
}
