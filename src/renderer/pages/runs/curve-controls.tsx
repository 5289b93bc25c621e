import { Slider, Switch } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './charts.module.css';

export interface CurveView {
  readonly logarithmic: boolean;
  readonly smoothing: number;
}

export const useCurveView = (): readonly [CurveView, (change: Partial<CurveView>) => void] => {
  const [view, setView] = useState<CurveView>({ logarithmic: false, smoothing: 0 });
  return [view, (change) => setView((before) => ({ ...before, ...change }))];
};

export interface CurveControlsProps {
  readonly view: CurveView;
  readonly onChange: (change: Partial<CurveView>) => void;
  readonly children?: ReactNode;
}

/** How all curves on the page are drawn. */
export function CurveControls({ view, onChange, children }: CurveControlsProps) {
  const { t } = useTranslation();
  const format = useFormat();
  return (
    <div className={classes.controls}>
      {children}
      <Switch
        label={t('runs.logScale')}
        checked={view.logarithmic}
        onChange={(event) => onChange({ logarithmic: event.currentTarget.checked })}
      />
      <span className={classes.smoothing}>
        <span>{t('runs.smoothing')}</span>
        <Slider
          size="xs"
          min={0}
          max={0.98}
          step={0.02}
          label={null}
          thumbLabel={t('runs.smoothing')}
          value={view.smoothing}
          onChange={(smoothing) => onChange({ smoothing })}
        />
        <span className={classes.smoothingValue}>{format.fixed(view.smoothing, 2)}</span>
      </span>
      <span className={classes.hint}>{t('runs.zoomHint')}</span>
    </div>
  );
}
