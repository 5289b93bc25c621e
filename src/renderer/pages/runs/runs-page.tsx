import { useDebouncedValue } from '@mantine/hooks';
import { IconChartLine } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import { MOST_COMPARED } from '../../../shared/run-limits.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { useListAddress } from '../../components/list-address.ts';
import { ListToolbar } from '../../components/list-toolbar.tsx';
import { Skeleton } from '../../components/skeleton.tsx';
import { SplitView } from '../../components/split-view.tsx';
import type { TableSort } from '../../components/virtual-table.tsx';
import { usePreference } from '../../i18n/preferences-context.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import { ComparePage } from './compare-page.tsx';
import { usualColumns } from './run-columns.ts';
import { RunDetail } from './run-detail.tsx';
import { orderKey, orderText, readOrder, readRunQuery } from './run-query.ts';
import { RunTable } from './run-table.tsx';
import classes from './runs.module.css';
import { RunsToolbar } from './runs-toolbar.tsx';
import { SelectionBar } from './selection-bar.tsx';
import { type ChosenRuns, useChosenRuns } from './use-chosen-runs.ts';
import { type RunSpec, useRunWindows } from './use-run-windows.ts';

export interface RunsPageProps {
  readonly params: { readonly id?: string | undefined; readonly tab?: string | undefined };
}

/** `/runs`, `/runs/ID`, `/runs/ID/curves` …; `/runs/compare?ids=A,B` lays runs side by side. */
export function RunsPage({ params }: RunsPageProps) {
  // Whoever comes back from comparing finds chosen what was compared.
  const chosen = useChosenRuns();
  return params.id === 'compare' ? (
    <ComparePage tab={params.tab} />
  ) : (
    <RunsRoom id={params.id} tab={params.tab ?? 'overview'} chosen={chosen} />
  );
}

const NEWEST_FIRST: TableSort = { id: 'started', descending: true };
const TYPED_MS = 250;

interface RunsRoomProps {
  readonly id: string | undefined;
  readonly tab: string;
  readonly chosen: ChosenRuns;
}

function RunsRoom({ id, tab, chosen }: RunsRoomProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [, navigate] = useLocation();
  const list = useListAddress();
  const experiment = list.get('experiment');
  const [wanted] = useDebouncedValue(list.filter.value, TYPED_MS);
  const sort = readOrder(list.get('order')) ?? NEWEST_FIRST;
  const withTrials = list.get('trials') !== null;
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
      navigate(list.within(`/runs/compare?ids=${[...chosen.ids].join(',')}`));
  };
  const alone = id === undefined;
  const isEmpty = windows.total === 0 && experiment === null && wanted === '' && windows.error === undefined;
  return (
    <SplitView
      back={{ href: list.within('/runs'), label: t('rooms.runs') }}
      defaultWidth={330}
      list={
        <>
          <ListToolbar
            title={t('rooms.runs')}
            {...(windows.total === undefined ? {} : { count: format.integer(windows.total) })}
            filter={{
              ...list.filter,
              ...(alone ? { placeholder: t('runs.searchField'), wide: true } : {}),
            }}
          >
            {alone || experiment !== null || withTrials ? (
              <RunsToolbar
                experiment={experiment}
                onExperiment={(name) => list.set({ experiment: name })}
                withTrials={withTrials}
                onTrials={(shown) => list.set({ trials: shown ? 'yes' : null })}
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
                onSort={(next) => list.set({ order: orderText(next) })}
                within={list.within}
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
