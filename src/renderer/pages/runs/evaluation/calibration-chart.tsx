import { useTranslation } from 'react-i18next';
import type { Evaluation } from '../../../../shared/contract/types.ts';
import { ChartFrame } from '../../../components/chart-frame.tsx';
import { XyChart } from '../../../components/xy-chart.tsx';
import { useFormat } from '../../../i18n/use-format.ts';
import classes from './evaluation.module.css';

type Bins = Evaluation['calibration'];

export interface CalibrationChartProps {
  readonly bins: Bins;
  /** As the chances were before they were corrected, if they were. */
  readonly before?: Bins;
  readonly note?: string | undefined;
}

/** Predicted against observed shares; where the chances were corrected, also as they were before. */
export function CalibrationChart({ bins, before = [], note }: CalibrationChartProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const rows = bins.reduce((sum, { count }) => sum + count, 0);
  const gap = bins.reduce(
    (sum, { predicted, observed, count }) => sum + Math.abs(predicted - observed) * count,
    0,
  );
  const summary = t('runs.calibrationSummary', {
    bins: format.integer(bins.length),
    gap: format.number(gap / Math.max(1, rows), 3),
  });
  const all = [...bins, ...before];
  const top = Math.min(
    1,
    Math.max(0.1, ...all.flatMap(({ predicted, observed }) => [predicted, observed])) * 1.05,
  );
  const pointsOf = (of: Bins) =>
    of.map(({ predicted, observed, count }) => ({
      x: predicted,
      y: observed,
      note: t('runs.binRows', { rows: format.integer(count) }),
    }));
  const points = pointsOf(bins);
  const beforeLabel = t('runs.evaluation.beforeCalibration');
  return (
    <ChartFrame
      title={t('runs.calibration')}
      summary={summary}
      fileName="calibration"
      legend={[
        { key: 'model', label: t('runs.observed'), color: 'var(--accent)' },
        ...(before.length === 0 ? [] : [{ key: 'before', label: beforeLabel, color: 'var(--series-2)' }]),
        { key: 'perfect', label: t('runs.perfect'), color: 'var(--reference)' },
      ]}
      table={{
        columns: ['series', 'predicted', 'observed', 'rows'],
        rows: [
          ...bins.map(({ predicted, observed, count }) => ['model', predicted, observed, count]),
          ...before.map(({ predicted, observed, count }) => ['before', predicted, observed, count]),
        ],
      }}
    >
      <XyChart
        height={280}
        label={summary}
        x={{ label: t('runs.predicted'), min: 0, max: top }}
        y={{ label: t('runs.observed'), min: 0, max: top }}
        series={[
          {
            key: 'perfect',
            label: t('runs.perfect'),
            color: 'var(--reference)',
            shape: 'dashed',
            points: [
              { x: 0, y: 0 },
              { x: top, y: top },
            ],
          },
          ...(before.length === 0
            ? []
            : [
                {
                  key: 'before',
                  label: beforeLabel,
                  color: 'var(--series-2)',
                  shape: 'line' as const,
                  points: pointsOf(before),
                },
              ]),
          { key: 'line', label: t('runs.observed'), color: 'var(--accent)', shape: 'line', points },
          { key: 'dots', label: t('runs.observed'), color: 'var(--accent)', shape: 'dots', points },
        ]}
      />
      {note === undefined ? null : (
        <p className={classes.note} dir="auto">
          {note}
        </p>
      )}
    </ChartFrame>
  );
}
