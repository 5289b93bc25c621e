import { useTranslation } from 'react-i18next';
import { StatusBadge } from '../../components/status-badge.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import { lowerIsBetter, metricLabel, tellingMetrics, verdictOf } from './verdict.ts';
import classes from './verdict-strip.module.css';

/** The run in one line: its main figure, where the baseline stands on the same scale, and what that means. */
export function VerdictStrip({ metrics }: { readonly metrics: Readonly<Record<string, number>> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const verdict = verdictOf(metrics);
  if (verdict === null) return null;
  const { metric, value, baseline, gain } = verdict;
  const others = tellingMetrics(metrics)
    .filter((name) => name !== metric)
    .slice(0, 3);
  return (
    <div className={classes.verdict}>
      <div className={classes.figure}>
        <span className={classes.figureName}>{metricLabel(metric)}</span>
        <strong>{format.fixed(value, 3)}</strong>
      </div>
      {baseline === null ? null : <Scale metric={metric} value={value} baseline={baseline} />}
      {gain === null || baseline === null ? (
        <span className={classes.faint}>{t('runs.noBaseline')}</span>
      ) : (
        <span className={classes.judgement}>
          <StatusBadge tone={gain > 0 ? 'good' : gain < 0 ? 'bad' : 'unknown'}>
            {gain === 0
              ? t('runs.equal')
              : t(gain > 0 ? 'runs.better' : 'runs.worse', { gain: format.fixed(Math.abs(gain), 3) })}
          </StatusBadge>
        </span>
      )}
      <dl className={classes.others} dir="ltr">
        {others.map((name) => (
          <div key={name}>
            <dt>{metricLabel(name)}</dt>
            <dd>{format.fixed(metrics[name]!, 4)}</dd>
          </div>
        ))}
      </dl>
    </div>
  );
}

function Scale({
  metric,
  value,
  baseline,
}: {
  readonly metric: string;
  readonly value: number;
  readonly baseline: number;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const [from, to] =
    metric === 'auc'
      ? [Math.min(0.5, value, baseline), 1]
      : [Math.min(0, value, baseline), Math.max(value, baseline) * 1.15 || 1];
  const at = (figure: number): string => `${(100 * (figure - from)) / (to - from)}%`;
  const better = lowerIsBetter(metric) ? value < baseline : value > baseline;
  const [low, high] = value < baseline ? [value, baseline] : [baseline, value];
  return (
    <div
      className={classes.scale}
      dir="ltr"
      role="img"
      aria-label={`${metricLabel(metric)} ${format.fixed(value, 3)}, ${t('runs.baselineIs', { value: format.fixed(baseline, 3) })}`}
    >
      <div className={classes.track}>
        <span
          className={classes.span}
          data-tone={better ? 'good' : 'bad'}
          style={{ left: at(low), width: `calc(${at(high)} - ${at(low)})` }}
        />
        <i className={classes.baselineMark} style={{ left: at(baseline) }} />
        <i className={classes.valueMark} data-tone={better ? 'good' : 'bad'} style={{ left: at(value) }} />
      </div>
      <div className={classes.scaleLabels}>
        <span>{format.number(from, 2)}</span>
        <bdi>{t('runs.baselineIs', { value: format.fixed(baseline, 3) })}</bdi>
        <span>{format.number(to, 2)}</span>
      </div>
    </div>
  );
}
