import { useTranslation } from 'react-i18next';
import type { Evaluation } from '../../../../shared/contract/types.ts';
import type { XyPoint } from '../../../components/xy-chart.tsx';
import { useFormat } from '../../../i18n/use-format.ts';
import { ThresholdCurve } from './threshold-curve.tsx';

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
  const chance = curve.at(-1)?.precision ?? 0;
  const share = format.percent(chance, 1);
  return (
    <ThresholdCurve
      title={t('runs.evaluation.precisionRecall')}
      summary={t('runs.evaluation.precisionRecallSummary', { area: figure, share })}
      fileName="precision-recall"
      label={`PR AUC ${figure}`}
      shape="line"
      x={{ name: 'recall', label: t('runs.evaluation.figure.recall') }}
      y={{ name: 'precision', label: t('runs.evaluation.figure.precision') }}
      points={curve.map(({ recall, precision }) => ({ x: recall, y: precision }))}
      chance={{
        label: t('runs.evaluation.guessing', { share }),
        points: [
          { x: 0, y: chance },
          { x: 1, y: chance },
        ],
      }}
      mark={mark}
    />
  );
}
