import { useTranslation } from 'react-i18next';
import type { Evaluation } from '../../../../shared/contract/types.ts';
import { ChartFrame } from '../../../components/chart-frame.tsx';
import { XyChart } from '../../../components/xy-chart.tsx';
import { useFormat } from '../../../i18n/use-format.ts';

/** How far off predicted numbers are: as a distribution, and beside the truth. */
export function ResidualCharts({ residuals }: { readonly residuals: NonNullable<Evaluation['residuals']> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { histogram, points } = residuals;
  const rows = histogram.reduce((sum, { count }) => sum + count, 0);
  const low = histogram.reduce((sum, { to, count }) => sum + (to <= 0 ? count : 0), 0);
  const summary = t('runs.evaluation.residualsSummary', { share: format.percent(low / (rows || 1)) });
  const steps = histogram.flatMap(({ from, to, count }) => [
    { x: from, y: count },
    { x: to, y: count },
  ]);
  const values = points.flatMap(({ predicted, label }) => [predicted, label]);
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const axis = { min: least, max: most > least ? most : least + 1 };
  const pairs = t('runs.evaluation.pairsSummary', { rows: format.integer(points.length) });
  return (
    <>
      <ChartFrame
        title={t('runs.evaluation.residuals')}
        summary={summary}
        fileName="residuals"
        table={{
          columns: ['from', 'to', 'rows'],
          rows: histogram.map(({ from, to, count }) => [from, to, count]),
        }}
      >
        <XyChart
          height={280}
          label={summary}
          x={{
            label: t('runs.evaluation.residual'),
            min: histogram[0]?.from ?? 0,
            max: histogram.at(-1)?.to ?? 1,
          }}
          y={{
            label: t('runs.evaluation.rowCount'),
            min: 0,
            max: Math.max(1, ...histogram.map(({ count }) => count)),
          }}
          series={[
            {
              key: 'residuals',
              label: t('runs.evaluation.residuals'),
              color: 'var(--accent)',
              shape: 'area',
              points: steps,
            },
          ]}
        />
      </ChartFrame>
      <ChartFrame
        title={t('runs.evaluation.pairs')}
        summary={pairs}
        fileName="predicted-and-actual"
        table={{
          columns: ['predicted', 'actual'],
          rows: points.map(({ predicted, label }) => [predicted, label]),
        }}
      >
        <XyChart
          height={280}
          label={pairs}
          x={{ label: t('runs.evaluation.predictedValue'), ...axis }}
          y={{ label: t('runs.evaluation.actualValue'), ...axis }}
          series={[
            {
              key: 'equal',
              label: t('runs.perfect'),
              color: 'var(--reference)',
              shape: 'dashed',
              points: [
                { x: axis.min, y: axis.min },
                { x: axis.max, y: axis.max },
              ],
            },
            {
              key: 'rows',
              label: t('runs.evaluation.pairs'),
              color: 'var(--accent)',
              shape: 'cloud',
              points: points.map(({ predicted, label }) => ({ x: predicted, y: label })),
            },
          ]}
        />
      </ChartFrame>
    </>
  );
}
