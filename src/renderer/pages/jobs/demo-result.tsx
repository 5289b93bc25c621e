import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { DemoReport } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { Stat, StatRow } from '../../components/stat.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './jobs.module.css';

const isReport = (value: unknown): value is DemoReport =>
  typeof value === 'object' &&
  value !== null &&
  'metrics' in value &&
  'challenger' in value &&
  'timingsMs' in value;

/** What the demo found, each figure beside what it must beat. */
export function DemoResult({ result }: { readonly result: unknown }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (!isReport(result)) return null;
  const { metrics, challenger, rows, model, drift, quietCheck, timingsMs } = result;
  const challengerAuc = challenger.metrics['auc'];
  return (
    <section className={classes.result}>
      <StatRow>
        <Stat
          label={t('demoResult.auc')}
          note={t('demoResult.baseline', { value: format.fixed(metrics.baselineAuc, 3) })}
        >
          {format.fixed(metrics.auc, 3)}
        </Stat>
        <Stat
          label={t('demoResult.logloss')}
          note={t('demoResult.baseline', { value: format.fixed(metrics.baselineLogloss, 3) })}
        >
          {format.fixed(metrics.logloss, 3)}
        </Stat>
        {challengerAuc === undefined ? null : (
          <Stat label={t('demoResult.challenger')} note={<bdi>{challenger.name}</bdi>}>
            {format.fixed(challengerAuc, 3)}
          </Stat>
        )}
        <Stat
          label={t('demoResult.rows')}
          note={t('demoResult.heldOut', { rows: format.integer(rows.test) })}
        >
          {format.integer(rows.imported)}
        </Stat>
        <Stat
          label={t('demoResult.drift')}
          note={t('demoResult.driftColumns', {
            count: drift.columns,
            drifted: format.integer(drift.drifted),
          })}
        >
          <StatusBadge tone={drift.drift ? 'attention' : 'good'} plain>
            {t(drift.drift ? 'demoResult.drifted' : 'demoResult.quiet')}
          </StatusBadge>
        </Stat>
        <Stat label={t('demoResult.control')} note={t('demoResult.controlNote')}>
          <StatusBadge tone={quietCheck.drift ? 'bad' : 'good'} plain>
            {t(quietCheck.drift ? 'demoResult.drifted' : 'demoResult.quiet')}
          </StatusBadge>
        </Stat>
        <Stat
          label={t('demoResult.time')}
          note={t('demoResult.training', { time: format.duration(timingsMs.train) })}
        >
          {format.duration(timingsMs.total)}
        </Stat>
      </StatRow>
      <p className={classes.links}>
        <Link href={`/models/${model.name}/${String(model.version)}`}>
          {t('demoResult.model')} <Code>{`${model.name}:${String(model.version)}`}</Code>
        </Link>
        <Link href="/drift">{t('rooms.drift')}</Link>
        <span>
          {t('demoResult.report')} <Code>{result.report}</Code>
        </span>
      </p>
    </section>
  );
}
