import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearch } from 'wouter';
import type { DriftCheck } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { CopyCommand } from '../../components/command-line.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { Ago } from '../../components/time.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ColumnTable } from './column-table.tsx';
import { DistributionPanel } from './distribution-panel.tsx';
import classes from './drift.module.css';
import { byDrift, driftRatio } from './drift-order.ts';

export function DriftDetail({ id }: { readonly id: string }) {
  const query = useQuery('monitoring', 'get', { id });
  return <Loaded query={query}>{(check) => <Check check={check} />}</Loaded>;
}

function Check({ check }: { readonly check: DriftCheck }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [, navigate] = useLocation();
  const asked = new URLSearchParams(useSearch()).get('column');
  const columns = useMemo(() => byDrift(check.columns), [check.columns]);
  const shown = columns.find(({ name }) => name === asked) ?? columns[0];
  const drifted = columns.filter(({ drift }) => drift).length;
  const worst = columns[0];
  const code = (name: string): string => `\u2068${name}\u2069`;
  const total = format.integer(columns.length);
  return (
    <>
      <PageHeader
        title={
          drifted > 0 ? t('drift.verdictDrift', { count: drifted, columns: total }) : t('drift.verdictQuiet')
        }
        badges={
          <StatusBadge tone={check.drift ? 'attention' : 'good'}>
            {check.drift ? t('drift.found') : t('drift.quiet')}
          </StatusBadge>
        }
        subtitle={
          worst === undefined
            ? null
            : drifted > 0
              ? t('drift.verdictWorst', {
                  column: code(worst.name),
                  times: format.number(driftRatio(worst), 3),
                })
              : t('drift.verdictQuietText', {
                  columns: total,
                  column: code(worst.name),
                  share: format.percent(driftRatio(worst)),
                })
        }
        actions={
          <CopyCommand
            command={`falaj drift check --reference '${check.reference}' --current '${check.current}'`}
          />
        }
      />
      <dl className={classes.sides}>
        <div>
          <dt>
            <i className={classes.side} data-side="reference" />
            {t('drift.reference')}
          </dt>
          <dd>
            <Code>{check.reference}</Code>
            <span className={classes.faint}>
              {t('data.rowCount', {
                count: check.rows.reference,
                rows: format.integer(check.rows.reference),
              })}
            </span>
          </dd>
        </div>
        <div>
          <dt>
            <i className={classes.side} data-side="current" />
            {t('drift.current')}
          </dt>
          <dd>
            <Code>{check.current}</Code>
            <span className={classes.faint}>
              {t('data.rowCount', { count: check.rows.current, rows: format.integer(check.rows.current) })}
            </span>
          </dd>
        </div>
        <div>
          <dt>{t('drift.checked')}</dt>
          <dd>
            <Ago at={check.checkedAt} />
          </dd>
        </div>
      </dl>
      <ColumnTable
        columns={columns}
        selected={shown?.name ?? null}
        onSelect={(name) =>
          navigate(`/drift/${check.id}?column=${encodeURIComponent(name)}`, { replace: true })
        }
      />
      {shown === undefined ? null : <DistributionPanel key={shown.name} column={shown} />}
    </>
  );
}
