import { useTranslation } from 'react-i18next';
import type { Evaluation } from '../../../../shared/contract/types.ts';
import type { XyPoint } from '../../../components/xy-chart.tsx';
import { useFormat } from '../../../i18n/use-format.ts';
import { ThresholdCurve } from './threshold-curve.tsx';

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
  return (
    <ThresholdCurve
      title={t('runs.roc')}
      summary={t('runs.rocSummary', { auc: area })}
      fileName="roc"
      label={`AUC ${area}`}
      shape="area"
      x={{ name: 'false_positive_rate', label: t('runs.falsePositiveRate') }}
      y={{ name: 'true_positive_rate', label: t('runs.truePositiveRate') }}
      points={curve.map(({ falsePositiveRate, truePositiveRate }) => ({
        x: falsePositiveRate,
        y: truePositiveRate,
      }))}
      chance={{ label: t('runs.chance'), points: DIAGONAL }}
      mark={mark}
    />
  );
}
