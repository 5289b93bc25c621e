import { Button } from '@mantine/core';
import { IconArrowLeft, IconColumns } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useSearch } from 'wouter';
import type { Run } from '../../../shared/contract/types.ts';
import { MOST_COMPARED } from '../../../shared/run-limits.ts';
import { CopyCommand } from '../../components/command-line.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { LinkTabs } from '../../components/link-tabs.tsx';
import { useListAddress, withList } from '../../components/list-address.ts';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { useQuery } from '../../engine/use-query.ts';
import classes from './compare.module.css';
import { CompareCode } from './compare-code.tsx';
import { CompareCurves } from './compare-curves.tsx';
import { CompareFigures } from './compare-figures.tsx';
import { CompareRelations } from './compare-relations.tsx';

const TABS = ['figures', 'curves', 'relations', 'code'] as const;

/**
 * `/runs/compare?ids=A,B`, `/runs/compare/curves?ids=A,B` …: what was different, and what came of it. `by=ROW` is the row whose
 * values the runs are in the order of.
 */
export function ComparePage({ tab }: { readonly tab: string | undefined }) {
  const { t } = useTranslation();
  const address = useSearch();
  const search = new URLSearchParams(address);
  const asked = [...new Set((search.get('ids') ?? '').split(',').filter((id) => id !== ''))];
  const ids = asked.slice(0, MOST_COMPARED);
  const query = useQuery('runs', 'several', { ids }, { keepPrevious: true });
  const back = (
    <Button
      component={Link}
      href={withList('/runs', address)}
      variant="default"
      leftSection={<IconArrowLeft size={14} className={classes.arrow} />}
    >
      {t('runs.backToRuns')}
    </Button>
  );
  return (
    <div className={classes.compare}>
      <Loaded query={query}>
        {(runs) =>
          runs.length === 0 ? (
            <EmptyState
              icon={IconColumns}
              title={t('runs.compareEmptyTitle')}
              text={t('runs.compareEmptyText')}
              action={back}
              command="falaj runs compare ID ID"
            />
          ) : (
            <Comparison
              runs={runs}
              tab={tab ?? 'figures'}
              sortedBy={search.get('by')}
              note={
                asked.length > ids.length
                  ? t('runs.tooMany', { count: asked.length, most: MOST_COMPARED })
                  : runs.length < ids.length
                    ? t('runs.dropped')
                    : null
              }
              back={back}
            />
          )
        }
      </Loaded>
    </div>
  );
}

const addressOf = (tab: string, ids: readonly string[], sortedBy: string | null): string =>
  `/runs/compare${tab === 'figures' ? '' : `/${tab}`}?ids=${ids.join(',')}${sortedBy === null ? '' : `&by=${encodeURIComponent(sortedBy)}`}`;

interface ComparisonProps {
  readonly runs: readonly Run[];
  readonly tab: string;
  readonly sortedBy: string | null;
  readonly note: string | null;
  readonly back: React.ReactNode;
}

function Comparison({ runs, tab, sortedBy, note, back }: ComparisonProps) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const { within } = useListAddress();
  const ids = runs.map(({ id }) => id);
  const title = t('runs.compareTitle', { count: runs.length });
  return (
    <>
      <PageHeader
        title={title}
        {...(note === null ? {} : { subtitle: note })}
        actions={
          <>
            <CopyCommand command={`falaj runs compare ${ids.join(' ')}`} />
            {back}
          </>
        }
      />
      <LinkTabs
        label={title}
        tabs={TABS.map((name) => ({
          href: addressOf(name, ids, sortedBy),
          label: t(`runs.compareTabs.${name}`),
        }))}
      />
      {tab === 'figures' ? (
        <CompareFigures
          runs={runs}
          sortedBy={sortedBy}
          onSort={(key) => navigate(within(addressOf(tab, ids, key)), { replace: true })}
          onDrop={(id) =>
            navigate(
              within(
                addressOf(
                  tab,
                  ids.filter((other) => other !== id),
                  sortedBy,
                ),
              ),
              { replace: true },
            )
          }
        />
      ) : null}
      {tab === 'curves' ? <CompareCurves runs={runs} /> : null}
      {tab === 'relations' ? (
        <CompareRelations runs={runs} onKeep={(kept) => navigate(within(addressOf(tab, kept, sortedBy)))} />
      ) : null}
      {tab === 'code' ? <CompareCode runs={runs} /> : null}
    </>
  );
}
