import { Select } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Evaluation, Run } from '../../../../shared/contract/types.ts';
import { ChartFrame } from '../../../components/chart-frame.tsx';
import { Code } from '../../../components/code.tsx';
import { useFormat } from '../../../i18n/use-format.ts';
import { judgingMetrics, metricLabel } from '../verdict.ts';
import classes from './evaluation.module.css';
import { IntervalBar } from './interval-bar.tsx';

type Slice = NonNullable<Evaluation['slices']>[number];

/** One figure for each group of rows, the line of all rows through them. */
export function SlicesTable({ run, slices }: { readonly run: Run; readonly slices: readonly Slice[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const metrics = judgingMetrics(run.metrics).filter((name) => slices.some((slice) => name in slice.metrics));
  const [metric, setMetric] = useState(metrics[0] ?? 'auc');
  const overall = run.metrics[metric] ?? null;
  const bounds = slices.flatMap(({ metrics: own, intervals }) => [
    ...(own[metric] === undefined ? [] : [own[metric]]),
    ...(intervals[metric] === undefined ? [] : [intervals[metric].lower, intervals[metric].upper]),
  ]);
  const scale = [
    Math.min(overall ?? Number.POSITIVE_INFINITY, ...bounds),
    Math.max(overall ?? Number.NEGATIVE_INFINITY, ...bounds),
  ] as const;
  return (
    <div className={classes.wide}>
      <ChartFrame
        title={t('runs.evaluation.slices')}
        summary={t('runs.evaluation.slicesSummary', {
          metric: metricLabel(metric),
          value: format.fixed(overall ?? Number.NaN, 3),
        })}
        fileName="slices"
        table={{
          columns: ['column', 'value', 'rows', ...metrics, `${metric}_lower`, `${metric}_upper`],
          rows: slices.map(({ column, value, rows, metrics: own, intervals }) => [
            column,
            value,
            rows,
            ...metrics.map((name) => own[name] ?? null),
            intervals[metric]?.lower ?? null,
            intervals[metric]?.upper ?? null,
          ]),
        }}
      >
        <Select
          className={classes.measure}
          size="xs"
          aria-label={t('runs.metric')}
          data={metrics.map((name) => ({ value: name, label: metricLabel(name) }))}
          value={metric}
          allowDeselect={false}
          onChange={(value) => value !== null && setMetric(value)}
        />
        <table className={classes.figures}>
          <thead>
            <tr>
              <th scope="col">{t('runs.evaluation.column')}</th>
              <th scope="col" className={classes.text}>
                {t('runs.evaluation.slice')}
              </th>
              <th scope="col">{t('runs.evaluation.rowCount')}</th>
              <th scope="col">{metricLabel(metric)}</th>
              <th scope="col">{t('runs.evaluation.interval')}</th>
            </tr>
          </thead>
          <tbody>
            {slices.map(({ column, value, rows, metrics: own, intervals }) => {
              const interval = intervals[metric];
              const figure = own[metric];
              return (
                <tr key={`${column} ${String(value)} ${String(value === null)}`}>
                  <th scope="row">
                    <Code>{column}</Code>
                  </th>
                  <td className={classes.text}>
                    {value === null ? <i>{t('runs.evaluation.missing')}</i> : <bdi>{value}</bdi>}
                  </td>
                  <td>{format.integer(rows)}</td>
                  <td>{figure === undefined ? '–' : format.fixed(figure, 4)}</td>
                  <td className={classes.intervalCell}>
                    {interval === undefined || figure === undefined ? (
                      '–'
                    ) : (
                      <IntervalBar value={figure} interval={interval} mark={overall} scale={scale} />
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </ChartFrame>
    </div>
  );
}
