import { useTranslation } from 'react-i18next';
import type { RunTrials } from '../../../../shared/contract/types.ts';
import { type ExplainedSetting, explainedSettings } from '../../../../shared/explained-settings.ts';
import { ChartFrame } from '../../../components/chart-frame.tsx';
import { useFormat } from '../../../i18n/use-format.ts';
import charts from '../charts.module.css';
import classes from './trials.module.css';
import { useFigureLabel } from './use-figure-label.ts';

/** How much of each objective every setting explains, and what only settings together do. */
export function TrialImportance({ search }: { readonly search: RunTrials }) {
  const { t } = useTranslation();
  const format = useFormat();
  const labelOf = useFigureLabel();
  const { importance } = search;
  const title = t('runs.trials.importance');
  if (importance.length === 0)
    return (
      <section className={classes.quiet}>
        <h3>{title}</h3>
        <p>{t('runs.trials.importanceNone')}</p>
      </section>
    );
  const { settings, together } = explainedSettings(importance);
  const summary = importance.flatMap(({ metric, settings: [most] }) =>
    most === undefined
      ? []
      : [
          t('runs.trials.importanceSummary', {
            setting: most.setting,
            share: format.percent(most.share, 0),
            metric: labelOf(metric),
          }),
        ],
  );
  const sharesOf = ({ shares }: Pick<ExplainedSetting, 'shares'>) =>
    importance.map(({ metric }, place) => (
      <td key={metric}>
        <span className={classes.share}>
          <span className={charts.bar}>
            <span style={{ inlineSize: `${100 * (shares[place] ?? 0)}%` }} />
          </span>
          <span>{format.percent(shares[place] ?? 0, importance.length === 1 ? 1 : 0)}</span>
        </span>
      </td>
    ));
  return (
    <ChartFrame
      title={title}
      summary={summary.join(' ')}
      fileName="setting-importance"
      table={{
        columns: ['setting', ...importance.map(({ metric }) => metric)],
        rows: settings.map(({ name, shares }) => [name, ...shares]),
      }}
    >
      <table className={classes.explained}>
        <thead>
          <tr>
            <th scope="col">{t('runs.trials.setting')}</th>
            {importance.map(({ metric }) => (
              <th key={metric} scope="col">
                {labelOf(metric)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {settings.map((setting) => (
            <tr key={setting.name}>
              <th scope="row">
                <code>{setting.name}</code>
              </th>
              {sharesOf(setting)}
            </tr>
          ))}
          <tr>
            <th scope="row">{t('runs.trials.together')}</th>
            {sharesOf(together)}
          </tr>
        </tbody>
      </table>
    </ChartFrame>
  );
}
