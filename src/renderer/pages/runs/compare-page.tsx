import { ActionIcon, Button, Switch } from '@mantine/core';
import { IconArrowLeft, IconColumns, IconX } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useSearch } from 'wouter';
import type { Run } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { CopyCommand } from '../../components/command-line.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useQuery } from '../../engine/use-query.ts';
import classes from './compare.module.css';
import { CompareCurves } from './compare-curves.tsx';
import { type CompareRow, dataRows, metricRows, paramRows } from './compare-rows.ts';
import { CompareTable } from './compare-table.tsx';
import { judgingMetrics } from './verdict.ts';

/** `/runs/compare?ids=A,B`: what was different, and what came of it. */
export function ComparePage() {
  const { t } = useTranslation();
  const search = new URLSearchParams(useSearch());
  const ids = [...new Set((search.get('ids') ?? '').split(',').filter((id) => id !== ''))];
  const list = useQuery('runs', 'list', { limit: 1000 });
  const back = (
    <Button
      component={Link}
      href="/runs"
      variant="default"
      leftSection={<IconArrowLeft size={14} className={classes.arrow} />}
    >
      {t('runs.backToRuns')}
    </Button>
  );
  return (
    <div className={classes.compare}>
      <Loaded query={list}>
        {(all) => {
          const runs = ids.flatMap((id) => all.find((run) => run.id === id) ?? []);
          if (runs.length === 0) {
            return (
              <EmptyState
                icon={IconColumns}
                title={t('runs.compareEmptyTitle')}
                text={t('runs.compareEmptyText')}
                action={back}
                command="falaj runs compare ID ID"
              />
            );
          }
          return <Comparison runs={runs} missing={runs.length < ids.length} back={back} />;
        }}
      </Loaded>
    </div>
  );
}

interface ComparisonProps {
  readonly runs: readonly Run[];
  readonly missing: boolean;
  readonly back: React.ReactNode;
}

function Comparison({ runs, missing, back }: ComparisonProps) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const [onlyDifferences, setOnlyDifferences] = useState(true);
  const sections = useMemo(() => {
    const together = Object.assign({}, ...runs.map(({ metrics }) => metrics)) as Record<string, number>;
    return [
      { title: t('runs.metrics'), rows: metricRows(runs, judgingMetrics(together)) },
      { title: t('runs.params'), rows: paramRows(runs) },
      { title: t('runs.data'), rows: dataRows(runs) },
    ];
  }, [runs, t]);
  const keep = (row: CompareRow): boolean => !onlyDifferences || row.differs;
  const drop = (id: string): void =>
    navigate(
      `/runs/compare?ids=${runs
        .map((run) => run.id)
        .filter((other) => other !== id)
        .join(',')}`,
      { replace: true },
    );
  return (
    <>
      <PageHeader
        title={t('runs.compareTitle', { count: runs.length })}
        {...(missing ? { subtitle: t('runs.dropped') } : {})}
        actions={
          <>
            <Switch
              label={t('runs.onlyDifferences')}
              checked={onlyDifferences}
              onChange={(event) => setOnlyDifferences(event.currentTarget.checked)}
            />
            <CopyCommand command={`falaj runs compare ${runs.map(({ id }) => id).join(' ')}`} />
            {back}
          </>
        }
      />
      <CompareTable
        heads={runs.map((run, place) => (
          <span key={run.id} className={classes.compareHead}>
            <i style={{ background: `var(--series-${String((place % 8) + 1)})` }} />
            <Link href={`/runs/${run.id}`} className={classes.link}>
              <bdi>{run.name}</bdi>
            </Link>
            <Code>{run.id.slice(0, 8)}</Code>
            <ActionIcon
              size={18}
              aria-label={t('runs.drop', { name: run.name })}
              onClick={() => drop(run.id)}
            >
              <IconX size={12} />
            </ActionIcon>
          </span>
        ))}
        keys={runs.map(({ id }) => id)}
        sections={sections.map(({ title, rows }) => ({ title, rows: rows.filter(keep) }))}
      />
      <CompareCurves runs={runs} />
    </>
  );
}
