import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { isCost } from '../../../../shared/tuning-goal.ts';
import { metricLabel } from '../verdict.ts';

/** What a trial's figure is called. */
export function useFigureLabel(): (name: string) => string {
  const { t } = useTranslation();
  return useCallback((name) => (isCost(name) ? t(`runs.trials.costs.${name}`) : metricLabel(name)), [t]);
}
