import { useTranslation } from 'react-i18next';
import type { Evaluation } from '../../../../shared/contract/types.ts';
import { ChartFrame } from '../../../components/chart-frame.tsx';
import { XyChart, type XyPoint } from '../../../components/xy-chart.tsx';
import { useFormat } from '../../../i18n/use-format.ts';

export interface PrecisionRecallChartProps {
  readonly curve: NonNullable<Evaluation['precisionRecall']>;
  readonly area: number | undefined;
  readonly mark?: XyPoint | undefined;
}

export function PrecisionRecallChart({ curve, area, mark }: PrecisionRecallChartProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const figure = area === undefined ? '–' : format.fixed(area, 3);
  // Where every row is answered yes, precision is the share of yes: what guessing reaches.
  const share = curve.at(-1)?.precision ?? 0;
  const guess = t('runs.evaluation.guessing', { share: format.percent(share, 1) });
  const summary = t('runs.evaluation.precisionRecallSummary', {
    area: figure,
    share: format.percent(share, 1),
  });
  return (
    <ChartFrame
      title={t('runs.evaluation.precisionRecall')}
      summary={summary}
      fileName="precision-recall"
      legend={[
        { key: 'model', label: `PR AUC ${figure}`, color: 'var(--accent)' },
        { key: 'chance', label: t('runs.chance'), color: 'var(--reference)' },
      ]}
      table={{
        columns: ['recall', 'precision'],
        rows: curve.map(({ recall, precision }) => [recall, precision]),
      }}
    >
      <XyChart
        height={280}
        label={summary}
        x={{ label: t('runs.evaluation.figure.recall'), min: 0, max: 1 }}
        y={{ label: t('runs.evaluation.figure.precision'), min: 0, max: 1 }}
        series={[
          {
            key: 'chance',
            label: guess,
            color: 'var(--reference)',
            shape: 'dashed',
            points: [
              { x: 0, y: share },
              { x: 1, y: share },
            ],
          },
          {
            key: 'model',
            label: `PR AUC ${figure}`,
            color: 'var(--accent)',
            shape: 'line',
            points: curve.map(({ recall, precision }) => ({ x: recall, y: precision })),
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
