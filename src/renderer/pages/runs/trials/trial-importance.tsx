import { useTranslation } from 'react-i18next';
import type { RunTrials } from '../../../../shared/contract/types.ts';
import { ChartFrame } from '../../../components/chart-frame.tsx';
import { useFormat } from '../../../i18n/use-format.ts';
import charts from '../charts.module.css';
import { metricLabel } from '../verdict.ts';
import classes from './trials.module.css';

/** How much of the result each setting explains, and what only settings together do. */
export function TrialImportance({ search }: { readonly search: RunTrials }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { importance, metric } = search;
  const title = t('runs.trials.importance');
  if (importance === null)
    return (
      <section className={classes.quiet}>
        <h3>{title}</h3>
        <p>{t('runs.trials.importanceNone')}</p>
      </section>
    );
  const alone = importance.reduce((sum, { share }) => sum + share, 0);
  const bars = [
    ...importance.map(({ setting, share }) => ({ key: setting, label: <code>{setting}</code>, share })),
    { key: '', label: <span>{t('runs.trials.together')}</span>, share: Math.max(0, 1 - alone) },
  ];
  const [most] = importance;
  return (
    <ChartFrame
      title={title}
      summary={t('runs.trials.importanceSummary', {
        setting: most?.setting ?? '',
        share: format.percent(most?.share ?? 0, 0),
        metric: metricLabel(metric),
      })}
      fileName="setting-importance"
      table={{
        columns: ['setting', 'share'],
        rows: importance.map(({ setting, share }) => [setting, share]),
      }}
    >
      <ol className={charts.bars}>
        {bars.map(({ key, label, share }) => (
          <li key={key}>
            {label}
            <span className={charts.bar}>
              <span style={{ inlineSize: `${100 * share}%` }} />
            </span>
            <span>{format.percent(share, 1)}</span>
          </li>
        ))}
      </ol>
    </ChartFrame>
  );
}
