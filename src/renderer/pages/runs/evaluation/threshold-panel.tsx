import { Button, Slider } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { Evaluation } from '../../../../shared/contract/types.ts';
import { ChartFrame } from '../../../components/chart-frame.tsx';
import { useFormat } from '../../../i18n/use-format.ts';
import { ConfusionGrid } from './confusion-grid.tsx';
import classes from './evaluation.module.css';
import { countsAt, figuresOf, type ThresholdPoint } from './threshold-counts.ts';

export interface ThresholdPanelProps {
  readonly points: readonly ThresholdPoint[];
  readonly chosen: Evaluation['threshold'];
  readonly value: number;
  readonly onChange: (value: number) => void;
}

const STEP = 0.005;

/** From which chance up yes is the answer: what that does to every figure, live. */
export function ThresholdPanel({ points, chosen, value, onChange }: ThresholdPanelProps) {
  const { t, i18n } = useTranslation();
  const format = useFormat();
  const point = countsAt(points, value);
  if (point === null) return null;
  const { precision, recall, f1, accuracy, answeredYes } = figuresOf(point);
  const figures = [
    ['precision', precision],
    ['recall', recall],
    ['f1', f1],
    ['accuracy', accuracy],
    ['answeredYes', answeredYes],
  ] as const;
  const summary = t('runs.evaluation.thresholdSummary', {
    threshold: format.fixed(value, 3),
    precision: format.fixed(precision, 3),
    recall: format.fixed(recall, 3),
    f1: format.fixed(f1, 3),
  });
  return (
    <ChartFrame
      title={t('runs.evaluation.threshold')}
      summary={summary}
      fileName="thresholds"
      table={{
        columns: ['threshold', 'true_positives', 'false_positives', 'true_negatives', 'false_negatives'],
        rows: points.map((one) => [
          one.threshold,
          one.truePositives,
          one.falsePositives,
          one.trueNegatives,
          one.falseNegatives,
        ]),
      }}
    >
      <div className={classes.threshold}>
        {/* A slider has the direction of the page, also among charts, which never turn. */}
        <div className={classes.sliderRow} dir={i18n.dir()}>
          <Slider
            className={classes.slider}
            size="sm"
            min={0}
            max={1}
            step={STEP}
            value={value}
            onChange={onChange}
            label={null}
            thumbLabel={t('runs.evaluation.threshold')}
            marks={chosen === undefined ? [] : [{ value: chosen.value }]}
          />
          <output>{format.fixed(value, 3)}</output>
        </div>
        {chosen === undefined ? null : (
          <p className={classes.note} dir="auto">
            {t(
              chosen.unreached ? 'runs.evaluation.chosenUnreached' : `runs.evaluation.chosen.${chosen.goal}`,
              { value: format.fixed(chosen.value, 3) },
            )}{' '}
            {Math.abs(value - chosen.value) < STEP / 2 ? null : (
              <Button variant="subtle" size="compact-xs" onClick={() => onChange(chosen.value)}>
                {t('runs.evaluation.backToChosen')}
              </Button>
            )}
          </p>
        )}
        <dl className={classes.numbers}>
          {figures.map(([name, figure]) => (
            <div key={name}>
              <dt>{t(`runs.evaluation.figure.${name}`)}</dt>
              <dd>{format.fixed(figure, 3)}</dd>
            </div>
          ))}
        </dl>
        <ConfusionGrid
          classes={[t('runs.evaluation.yes'), t('runs.evaluation.no')]}
          counts={[
            [point.truePositives, point.falseNegatives],
            [point.falsePositives, point.trueNegatives],
          ]}
        />
      </div>
    </ChartFrame>
  );
}
