import { useDebouncedValue } from '@mantine/hooks';
import { IconChartLine } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearch } from 'wouter';
import { MOST_COMPARED } from '../../../shared/run-limits.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { ListToolbar } from '../../components/list-toolbar.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { SplitView } from '../../components/split-view.tsx';
import type { TableSort } from '../../components/virtual-table.tsx';
import { usePreference } from '../../i18n/preferences-context.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import { ComparePage } from './compare-page.tsx';
import { usualColumns } from './run-columns.ts';
import { RunDetail } from './run-detail.tsx';
import { orderKey, readRunQuery } from './run-query.ts';
import { RunTable } from './run-table.tsx';
import classes from './runs.module.css';
import { RunsToolbar } from './runs-toolbar.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { useChosenRuns } from './use-chosen-runs.ts';
import { type RunSpec, useRunWindows } from './use-run-windows.ts';

export interface RunsPageProps {
  readonly params: { readonly id?: string | undefined; readonly tab?: string | undefined };
}

/** `/runs`, `/runs/ID`, `/runs/ID/curves` …; `/runs/compare?ids=A,B` lays runs side by side. */
export function RunsPage({ params }: RunsPageProps) {
  return params.id === 'compare' ? (
    <ComparePage tab={params.tab} />
  ) : (
    <RunsRoom id={params.id} tab={params.tab ?? 'overview'} />
  );
}

const NEWEST_FIRST: TableSort = { id: 'started', descending: true };
const TYPED_MS = 250;

function RunsRoom({ id, tab }: { readonly id: string | undefined; readonly tab: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [, navigate] = useLocation();
  const search = new URLSearchParams(useSearch());
  const experiment = search.get('experiment');
  const [filter, setFilter] = useState(search.get('filter') ?? '');
  const [wanted] = useDebouncedValue(filter, TYPED_MS);
  const [sort, setSort] = useState(NEWEST_FIRST);
  const chosen = useChosenRuns();
  const [withTrials, setWithTrials] = useState(false);
  const order = orderKey(sort.id);
  const spec: RunSpec = {
    ...(experiment === null ? {} : { experiment }),
    ...(wanted === '' ? {} : readRunQuery(wanted)),
    // Trials lie under their search; whoever looks for one finds it here as well.
    trials: withTrials || wanted !== '',
    orderBy: order === null ? [] : [`${order} ${sort.descending ? 'DESC' : 'ASC'}`],
  };
  const windows = useRunWindows(spec);
  const kept = usePreference('runColumns');
  const usual = usualColumns(windows.head).join('\n');
  const columns = useMemo(() => kept ?? usual.split('\n'), [kept, usual]);
  const compare = (): void => {
    if (chosen.ids.size > 1 && chosen.ids.size <= MOST_COMPARED)
      navigate(`/runs/compare?ids=${[...chosen.ids].join(',')}`);
  };
  const alone = id === undefined;
  const isEmpty = windows.total === 0 && experiment === null && wanted === '' && windows.error === undefined;
  return (
    <SplitView
      defaultWidth={330}
      list={
        <>
          <ListToolbar
            title={t('rooms.runs')}
            {...(windows.total === undefined ? {} : { count: format.integer(windows.total) })}
            filter={{
              value: filter,
              onChange: setFilter,
              ...(alone ? { placeholder: t('runs.searchField'), wide: true } : {}),
            }}
          >
            {alone ? (
              <RunsToolbar
                experiment={experiment}
                withTrials={withTrials}
                onTrials={setWithTrials}
                columns={columns}
              />
            ) : null}
          </ListToolbar>
          {windows.error === undefined ? null : (
            <div className={classes.problem}>
              <ErrorPanel error={windows.error} onRetry={windows.refresh} />
            </div>
          )}
          {windows.total === undefined ? (
            windows.error === undefined ? (
              <Skeleton />
            ) : null
          ) : isEmpty ? (
            <EmptyState
              icon={IconChartLine}
              title={t('runs.emptyTitle')}
              text={t('runs.emptyText')}
              command="falaj train -f falaj.yaml --wait"
            />
          ) : (
            <>
              {windows.total === 0 ? <p className={classes.nothing}>{t('runs.noneSuch')}</p> : null}
              <RunTable
                windows={windows}
                columns={columns}
                sort={sort}
                onSort={setSort}
                selected={id ?? null}
                brief={!alone}
                chosen={chosen.ids}
                onToggle={chosen.toggle}
                onCompare={compare}
              />
            </>
          )}
          {chosen.ids.size === 0 ? null : (
            <SelectionBar
              count={chosen.ids.size}
              onCompare={compare}
              onAll={() => chosen.add(windows.head.map((run) => run.id))}
              onClear={chosen.clear}
            />
          )}
        </>
      }
      detail={id === undefined ? null : <RunDetail key={id} id={id} tab={tab} />}
    />
  );
}
