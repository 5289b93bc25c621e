import { type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearch } from 'wouter';
import type { SkewFigures, SkewReport } from '../../../shared/contract/types.ts';
import { bySkew, skewedValues } from '../../../shared/skew.ts';
import { Code } from '../../components/code.tsx';
import { CopyCommand } from '../../components/command-line.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { Ago, DateTime } from '../../components/time.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import { serviceHref } from './service-table.tsx';
import classes from './skew.module.css';
import { SkewExamples } from './skew-examples.tsx';
import { SkewTable } from './skew-table.tsx';
import { SkewTrend } from './skew-trend.tsx';

/** The verdict in a sentence, every feature with its differences, and rows of the chosen one side by side. */
export function SkewReportView({
  report,
  checks,
  action,
}: {
  readonly report: SkewReport;
  /** All comparisons that were made, newest first. */
  readonly checks: readonly SkewFigures[];
  readonly action: ReactNode;
}) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const asked = new URLSearchParams(useSearch()).get('feature');
  const features = useMemo(() => bySkew(report.features), [report.features]);
  const shown = features.find(({ name }) => name === asked) ?? features[0];
  return (
    <>
      <section className={classes.verdict} aria-label={t('features.skew.tab')}>
        <Verdict report={report} />
        <SkewTrend checks={checks} />
        <div className={classes.actions}>
          <CopyCommand command={commandOf(report)} />
          {action}
        </div>
      </section>
      <SkewTable
        features={features}
        rows={report.rows}
        selected={shown?.name ?? null}
        onSelect={(name) =>
          navigate(`${serviceHref(report.service)}/skew?feature=${encodeURIComponent(name)}`, {
            replace: true,
          })
        }
      />
      {shown === undefined ? null : <SkewExamples key={shown.name} feature={shown} />}
    </>
  );
}

function Verdict({ report }: { readonly report: SkewReport }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { features, rows, logged, source, absent } = report;
  const skewed = features.filter(({ asKnown }) => skewedValues(asKnown) > 0).length;
  const today = features.reduce((sum, feature) => sum + skewedValues(feature.today), 0);
  const late = features.reduce((sum, feature) => sum + feature.changedSince, 0);
  return (
    <div className={classes.words}>
      <h2>
        {skewed > 0
          ? t('features.skew.found', { count: skewed, features: format.integer(features.length) })
          : t('features.skew.none')}{' '}
        <StatusBadge tone={report.skew ? 'attention' : 'good'}>
          {t(report.skew ? 'features.skew.skew' : 'features.skew.same')}
        </StatusBadge>
      </h2>
      <p>
        {t('features.skew.reads', { count: rows, rows: format.integer(rows) })}{' '}
        {source.kind === 'file' ? <Code>{source.file}</Code> : null} · <DateTime at={report.firstRead} /> –{' '}
        <DateTime at={report.lastRead} /> · {t('features.skew.compared')} <Ago at={report.checkedAt} />
        {rows < logged ? ` · ${t('features.skew.newest', { logged: format.integer(logged) })}` : ''}
      </p>
      <p>
        {today === 0
          ? t('features.skew.todaySame')
          : t('features.skew.todayDiffers', {
              count: today,
              entries: format.integer(today),
              share: format.percent(late / today),
            })}
        {absent.length === 0 ? '' : ` ${t('features.skew.absent')} `}
        {absent.length === 0 ? null : <Code>{absent.join(', ')}</Code>}
      </p>
    </div>
  );
}

const DEFAULT_TOLERANCE = 1e-9;

function commandOf({ service, source, since, until, tolerance }: SkewReport): string {
  return [
    `falaj features skew ${service}`,
    ...(source.kind === 'file' ? [`--log ${source.file} --event-time ${source.eventTime}`] : []),
    ...(since === null ? [] : [`--since ${since}`]),
    ...(until === null ? [] : [`--until ${until}`]),
    ...(tolerance === DEFAULT_TOLERANCE ? [] : [`--tolerance ${String(tolerance)}`]),
  ].join(' ');
}
