import { useTranslation } from 'react-i18next';
import { ChartFrame } from '../../../components/chart-frame.tsx';
import { XyChart, type XyPoint } from '../../../components/xy-chart.tsx';

export interface ThresholdCurveProps {
  readonly title: string;
  readonly summary: string;
  readonly fileName: string;
  /** The model's figure, such as `AUC 0.812`. */
  readonly label: string;
  readonly shape: 'area' | 'line';
  readonly x: { readonly name: string; readonly label: string };
  readonly y: { readonly name: string; readonly label: string };
  readonly points: readonly XyPoint[];
  /** What guessing reaches. */
  readonly chance: { readonly label: string; readonly points: readonly XyPoint[] };
  /** Where the threshold in view stands. */
  readonly mark?: XyPoint | undefined;
}

/** Two shares against each other over all thresholds, beside what guessing reaches. */
export function ThresholdCurve(props: ThresholdCurveProps) {
  const { title, summary, fileName, label, shape, x, y, points, chance, mark } = props;
  const { t } = useTranslation();
  return (
    <ChartFrame
      title={title}
      summary={summary}
      fileName={fileName}
      legend={[
        { key: 'model', label, color: 'var(--accent)' },
        { key: 'chance', label: t('runs.chance'), color: 'var(--reference)' },
      ]}
      table={{ columns: [x.name, y.name], rows: points.map((point) => [point.x, point.y]) }}
    >
      <XyChart
        height={280}
        label={summary}
        x={{ label: x.label, min: 0, max: 1 }}
        y={{ label: y.label, min: 0, max: 1 }}
        series={[
          { key: 'chance', color: 'var(--reference)', shape: 'dashed', ...chance },
          { key: 'model', label, color: 'var(--accent)', shape, points },
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
