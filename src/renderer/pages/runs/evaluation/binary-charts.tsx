import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Evaluation, Run } from '../../../../shared/contract/types.ts';
import { useFormat } from '../../../i18n/use-format.ts';
import { CalibrationChart } from './calibration-chart.tsx';
import { PrecisionRecallChart } from './precision-recall-chart.tsx';
import { RocChart } from './roc-chart.tsx';
import { countsAt, figuresOf } from './threshold-counts.ts';
import { ThresholdPanel } from './threshold-panel.tsx';

/** The curves of a yes or no, with the threshold in view marked on them. */
export function BinaryCharts({ run, evaluation }: { readonly run: Run; readonly evaluation: Evaluation }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { thresholds = [], threshold: chosen, precisionRecall = [], calibrated } = evaluation;
  const [threshold, setThreshold] = useState(chosen?.value ?? 0.5);
  const point = countsAt(thresholds, threshold);
  const at = point === null ? null : figuresOf(point);
  return (
    <>
      {thresholds.length === 0 ? null : (
        <ThresholdPanel points={thresholds} chosen={chosen} value={threshold} onChange={setThreshold} />
      )}
      {evaluation.rocCurve.length === 0 ? null : (
        <RocChart
          curve={evaluation.rocCurve}
          auc={run.metrics['auc']}
          mark={at === null ? undefined : { x: at.falsePositiveRate, y: at.recall }}
        />
      )}
      {precisionRecall.length === 0 ? null : (
        <PrecisionRecallChart
          curve={precisionRecall}
          area={run.metrics['prAuc']}
          mark={at === null || Number.isNaN(at.precision) ? undefined : { x: at.recall, y: at.precision }}
        />
      )}
      {evaluation.calibration.length === 0 ? null : (
        <CalibrationChart
          bins={evaluation.calibration}
          before={calibrated?.before ?? []}
          note={
            calibrated === undefined
              ? undefined
              : t('runs.evaluation.calibratedBy', {
                  method: t(`runs.evaluation.calibrations.${calibrated.method}`),
                  before: format.fixed(calibrated.metricsBefore['ece'] ?? Number.NaN, 4),
                  after: format.fixed(run.metrics['ece'] ?? Number.NaN, 4),
                })
          }
        />
      )}
    </>
  );
}
