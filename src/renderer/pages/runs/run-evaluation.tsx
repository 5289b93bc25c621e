import { Button } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Evaluation, Run } from '../../../shared/contract/types.ts';
import { ChartFrame } from '../../components/chart-frame.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { XyChart } from '../../components/xy-chart.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './charts.module.css';
import shared from './runs.module.css';

export function RunEvaluation({ run }: { readonly run: Run }) {
  const { t } = useTranslation();
  const query = useQuery('runs', 'evaluation', { id: run.id });
  return (
    <Loaded query={query}>
      {(evaluation) =>
        evaluation === null ? (
          <p className={shared.nothing}>{t('runs.noEvaluation')}</p>
        ) : (
          <div className={classes.charts}>
            {evaluation.rocCurve.length === 0 ? null : (
              <RocChart evaluation={evaluation} auc={run.metrics['auc']} />
            )}
            {evaluation.calibration.length === 0 ? null : <CalibrationChart evaluation={evaluation} />}
            {evaluation.importance.length === 0 ? null : <ImportanceChart evaluation={evaluation} />}
          </div>
        )
      }
    </Loaded>
  );
}

const DIAGONAL = [
  { x: 0, y: 0 },
  { x: 1, y: 1 },
];

function RocChart({
  evaluation,
  auc,
}: {
  readonly evaluation: Evaluation;
  readonly auc: number | undefined;
}) {
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
        rows: evaluation.rocCurve.map(({ falsePositiveRate, truePositiveRate }) => [
          falsePositiveRate,
          truePositiveRate,
        ]),
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
            points: evaluation.rocCurve.map(({ falsePositiveRate, truePositiveRate }) => ({
              x: falsePositiveRate,
              y: truePositiveRate,
            })),
          },
        ]}
      />
    </ChartFrame>
  );
}

function CalibrationChart({ evaluation }: { readonly evaluation: Evaluation }) {
  const { t } = useTranslation();
  const format = useFormat();
  const bins = evaluation.calibration;
  const rows = bins.reduce((sum, { count }) => sum + count, 0);
  const gap = bins.reduce(
    (sum, { predicted, observed, count }) => sum + Math.abs(predicted - observed) * count,
    0,
  );
  const summary = t('runs.calibrationSummary', {
    bins: format.integer(bins.length),
    gap: format.number(gap / Math.max(1, rows), 3),
  });
  const top = Math.min(
    1,
    Math.max(0.1, ...bins.flatMap(({ predicted, observed }) => [predicted, observed])) * 1.05,
  );
  const points = bins.map(({ predicted, observed, count }) => ({
    x: predicted,
    y: observed,
    note: t('runs.binRows', { rows: format.integer(count) }),
  }));
  return (
    <ChartFrame
      title={t('runs.calibration')}
      summary={summary}
      fileName="calibration"
      legend={[
        { key: 'model', label: t('runs.observed'), color: 'var(--accent)' },
        { key: 'perfect', label: t('runs.perfect'), color: 'var(--reference)' },
      ]}
      table={{
        columns: ['predicted', 'observed', 'rows'],
        rows: bins.map(({ predicted, observed, count }) => [predicted, observed, count]),
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
          { key: 'line', label: t('runs.observed'), color: 'var(--accent)', shape: 'line', points },
          { key: 'dots', label: t('runs.observed'), color: 'var(--accent)', shape: 'dots', points },
        ]}
      />
    </ChartFrame>
  );
}

const SHOWN_FEATURES = 15;

function ImportanceChart({ evaluation }: { readonly evaluation: Evaluation }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [all, setAll] = useState(false);
  const sorted = [...evaluation.importance].sort((a, b) => b.gain - a.gain);
  const total = sorted.reduce((sum, { gain }) => sum + gain, 0) || 1;
  const top = sorted[0]?.gain || 1;
  const shown = all ? sorted : sorted.slice(0, SHOWN_FEATURES);
  return (
    <div className={classes.wide}>
      <ChartFrame
        title={t('runs.importance')}
        summary={t('runs.importanceSummary', {
          features: sorted
            .slice(0, 3)
            .map(({ feature, gain }) => `${feature} ${format.percent(gain / total, 1)}`)
            .join('; '),
        })}
        fileName="importance"
        table={{
          columns: [t('runs.feature'), t('runs.gain'), t('runs.share')],
          rows: sorted.map(({ feature, gain }) => [feature, gain, gain / total]),
        }}
      >
        <ol className={classes.bars}>
          {shown.map(({ feature, gain }) => (
            <li key={feature} title={`${feature}: ${format.number(gain, 6)}`}>
              <code>{feature}</code>
              <span className={classes.bar}>
                <span style={{ inlineSize: `${(100 * gain) / top}%` }} />
              </span>
              <span>{format.percent(gain / total, 1)}</span>
            </li>
          ))}
        </ol>
        {sorted.length > SHOWN_FEATURES && !all ? (
          <Button variant="subtle" onClick={() => setAll(true)}>
            {t('runs.showAll', { count: sorted.length })}
          </Button>
        ) : null}
      </ChartFrame>
    </div>
  );
}
