import { useTranslation } from 'react-i18next';
import type { Evaluation } from '../../../../shared/contract/types.ts';
import { ChartFrame } from '../../../components/chart-frame.tsx';
import { XyChart, type XyPoint } from '../../../components/xy-chart.tsx';
import { useFormat } from '../../../i18n/use-format.ts';

const DIAGONAL = [
  { x: 0, y: 0 },
  { x: 1, y: 1 },
];

export interface RocChartProps {
  readonly curve: Evaluation['rocCurve'];
  readonly auc: number | undefined;
  /** Where the threshold in view stands. */
  readonly mark?: XyPoint | undefined;
}

export function RocChart({ curve, auc, mark }: RocChartProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const area = auc === undefined ? '–' : format.fixed(auc, 3);
  const summary = t('runs.rocSummary', { auc: area });
  return (
    <ChartFrame
      title={t('runs.roc')}
      summary={summary}
      fileName="roc"
      legend={[
        { key: 'model', label: `AUC ${area}`, color: 'var(--accent)' },
        { key: 'chance', label: t('runs.chance'), color: 'var(--reference)' },
      ]}
      table={{
        columns: ['false_positive_rate', 'true_positive_rate'],
        rows: curve.map(({ falsePositiveRate, truePositiveRate }) => [falsePositiveRate, truePositiveRate]),
      }}
    >
      <XyChart
        height={280}
        label={summary}
        x={{ label: t('runs.falsePositiveRate'), min: 0, max: 1 }}
        y={{ label: t('runs.truePositiveRate'), min: 0, max: 1 }}
        series={[
          {
            key: 'chance',
            label: t('runs.chance'),
            color: 'var(--reference)',
            shape: 'dashed',
            points: DIAGONAL,
          },
          {
            key: 'model',
            label: `AUC ${area}`,
            color: 'var(--accent)',
            shape: 'area',
            points: curve.map(({ falsePositiveRate, truePositiveRate }) => ({
              x: falsePositiveRate,
              y: truePositiveRate,
            })),
          },
          ...(mark === undefined
            ? []
            : [
                {
                  key: 'threshold',
                  label: t('runs.evaluation.threshold'),
                  color: 'var(--series-2)',
                  shape: 'dots' as const,
                  points: [mark],
                },
              ]),
        ]}
      />
    </ChartFrame>
  );
}
