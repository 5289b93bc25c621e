import { useTranslation } from 'react-i18next';
import type { Evaluation } from '../../../../shared/contract/types.ts';
import { ChartFrame } from '../../../components/chart-frame.tsx';
import { useFormat } from '../../../i18n/use-format.ts';
import { ConfusionGrid } from './confusion-grid.tsx';

/** What was answered for each of many classes. */
export function ConfusionChart({ confusion }: { readonly confusion: NonNullable<Evaluation['confusion']> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = confusion.classes.map((name) => name ?? t('runs.evaluation.otherClasses'));
  const total = confusion.counts.flat().reduce((sum, count) => sum + count, 0);
  const right = confusion.counts.reduce((sum, counts, row) => sum + (counts[row] ?? 0), 0);
  return (
    <ChartFrame
      title={t('runs.evaluation.confusion')}
      summary={t('runs.evaluation.confusionSummary', { share: format.percent(right / (total || 1), 1) })}
      fileName="confusion"
      table={{
        columns: [t('runs.evaluation.truth'), ...names],
        rows: confusion.counts.map((counts, row) => [names[row] ?? '', ...counts]),
      }}
    >
      <ConfusionGrid classes={names} counts={confusion.counts} />
    </ChartFrame>
  );
}
