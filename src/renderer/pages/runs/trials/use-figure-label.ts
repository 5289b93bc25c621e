import { useTranslation } from 'react-i18next';
import { FIT_SECONDS } from '../../../../shared/run-search.ts';
import { metricLabel } from '../verdict.ts';

/** What a trial's figure is called. */
export function useFigureLabel(): (name: string) => string {
  const { t } = useTranslation();
  return (name) => (name === FIT_SECONDS ? t('runs.trials.fitSeconds') : metricLabel(name));
}
