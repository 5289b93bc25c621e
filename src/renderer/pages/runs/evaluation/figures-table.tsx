import { useTranslation } from 'react-i18next';
import type { Evaluation, Run } from '../../../../shared/contract/types.ts';
import { ChartFrame } from '../../../components/chart-frame.tsx';
import { useFormat } from '../../../i18n/use-format.ts';
import { judgingMetrics, metricLabel } from '../verdict.ts';
import classes from './evaluation.module.css';
import { IntervalBar } from './interval-bar.tsx';

/** Every figure of the hold-out with its interval, beside the baseline's. */
export function FiguresTable({ run, evaluation }: { readonly run: Run; readonly evaluation: Evaluation }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { intervals = {}, baseline, bootstrap, rows } = evaluation;
  const names = judgingMetrics(run.metrics).filter((name) => name in baseline || name in intervals);
  if (names.length === 0) return null;
  const summary = [
    rows === undefined ? null : t('runs.evaluation.rows', { rows: format.integer(rows) }),
    evaluation.weighted === true ? t('runs.evaluation.weighted') : null,
    bootstrap === undefined || bootstrap.rows === 0
      ? null
      : t('runs.evaluation.bootstrap', {
          confidence: format.percent(bootstrap.confidence),
          resamples: format.integer(bootstrap.resamples),
          rows: format.integer(bootstrap.rows),
        }),
  ].filter((part) => part !== null);
  return (
    <ChartFrame
      title={t('runs.evaluation.figures')}
      summary={summary.join(' ')}
      fileName="figures"
      table={{
        columns: ['metric', 'value', 'lower', 'upper', 'baseline'],
        rows: names.map((name) => [
          name,
          run.metrics[name]!,
          intervals[name]?.lower ?? null,
          intervals[name]?.upper ?? null,
          baseline[name] ?? null,
        ]),
      }}
    >
      <table className={classes.figures}>
        <thead>
          <tr>
            <th scope="col">{t('runs.metric')}</th>
            <th scope="col">{t('runs.value')}</th>
            <th scope="col">{t('runs.evaluation.interval')}</th>
            <th scope="col">{t('runs.baseline')}</th>
          </tr>
        </thead>
        <tbody>
          {names.map((name) => {
            const interval = intervals[name];
            return (
              <tr key={name}>
                <th scope="row">{metricLabel(name)}</th>
                <td>{format.fixed(run.metrics[name]!, 4)}</td>
                <td className={classes.intervalCell}>
                  {interval === undefined ? (
                    '–'
                  ) : (
                    <IntervalBar
                      value={run.metrics[name]!}
                      interval={interval}
                      mark={baseline[name] ?? null}
                    />
                  )}
                </td>
                <td>{baseline[name] === undefined ? '–' : format.fixed(baseline[name], 4)}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
      <p className={classes.note} dir="auto">
        {summary.join(' ')}
      </p>
    </ChartFrame>
  );
}
