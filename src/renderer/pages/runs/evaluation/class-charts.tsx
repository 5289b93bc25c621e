import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Evaluation } from '../../../../shared/contract/types.ts';
import { ChartFrame } from '../../../components/chart-frame.tsx';
import { useFormat } from '../../../i18n/use-format.ts';
import { metricLabel } from '../verdict.ts';
import { CalibrationChart } from './calibration-chart.tsx';
import classes from './evaluation.module.css';
import { PrecisionRecallChart } from './precision-recall-chart.tsx';
import { RocChart } from './roc-chart.tsx';

const FIGURES = ['auc', 'prAuc', 'precision', 'recall', 'f1'] as const;

/** Each class against the rest: choosing one shows its curves. */
export function ClassCharts({ list }: { readonly list: NonNullable<Evaluation['classes']> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [name, setName] = useState(list[0]?.class);
  const chosen = list.find((one) => one.class === name) ?? list[0];
  if (chosen === undefined) return null;
  return (
    <>
      <ChartFrame
        title={t('runs.evaluation.classes')}
        summary={t('runs.evaluation.classesSummary', { name: chosen.class })}
        fileName="classes"
        table={{
          columns: ['class', 'rows', ...FIGURES],
          rows: list.map((one) => [
            one.class,
            one.rows,
            ...FIGURES.map((figure) => one.metrics[figure] ?? null),
          ]),
        }}
      >
        <table className={classes.figures}>
          <thead>
            <tr>
              <th scope="col">{t('runs.evaluation.class')}</th>
              <th scope="col">{t('runs.evaluation.rowCount')}</th>
              {FIGURES.map((figure) => (
                <th key={figure} scope="col">
                  {figure === 'auc' || figure === 'prAuc'
                    ? metricLabel(figure)
                    : t(`runs.evaluation.figure.${figure}`)}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {list.map((one) => (
              <tr key={one.class} data-chosen={one.class === chosen.class}>
                <th scope="row">
                  <button
                    type="button"
                    className={classes.choose}
                    aria-pressed={one.class === chosen.class}
                    onClick={() => setName(one.class)}
                  >
                    <bdi>{one.class}</bdi>
                  </button>
                </th>
                <td>{format.integer(one.rows)}</td>
                {FIGURES.map((figure) => (
                  <td key={figure}>{format.fixed(one.metrics[figure] ?? Number.NaN, 3)}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ChartFrame>
      {chosen.rocCurve.length === 0 ? null : <RocChart curve={chosen.rocCurve} auc={chosen.metrics['auc']} />}
      {chosen.precisionRecall.length === 0 ? null : (
        <PrecisionRecallChart curve={chosen.precisionRecall} area={chosen.metrics['prAuc']} />
      )}
      {chosen.calibration.length === 0 ? null : <CalibrationChart bins={chosen.calibration} />}
    </>
  );
}
