import { Checkbox, Select } from '@mantine/core';
import { IconChartLine } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useLocation, useSearch } from 'wouter';
import type { Run } from '../../../shared/contract/types.ts';
import { TRIAL_TAG } from '../../../shared/run-search.ts';
import { EmptyState } from '../../components/empty-state.tsx';
import { ListToolbar } from '../../components/list-toolbar.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { SplitView } from '../../components/split-view.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ComparePage } from './compare-page.tsx';
import { RunDetail } from './run-detail.tsx';
import { RunTable } from './run-table.tsx';
import classes from './runs.module.css';
import { SelectionBar } from './selection-bar.tsx';

export interface RunsPageProps {
  readonly params: { readonly id?: string | undefined; readonly tab?: string | undefined };
}

/** `/runs`, `/runs/ID`, `/runs/ID/curves` …; `/runs/compare?ids=A,B` lays runs side by side. */
export function RunsPage({ params }: RunsPageProps) {
  return params.id === 'compare' ? (
    <ComparePage />
  ) : (
    <RunsRoom id={params.id} tab={params.tab ?? 'overview'} />
  );
}

function RunsRoom({ id, tab }: { readonly id: string | undefined; readonly tab: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [, navigate] = useLocation();
  const search = new URLSearchParams(useSearch());
  const experiment = search.get('experiment');
  const runs = useQuery('runs', 'list', { limit: 1000 });
  const experiments = useQuery('runs', 'experiments', undefined);
  const [filter, setFilter] = useState('');
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [withTrials, setWithTrials] = useState(false);
  const wanted = filter.toLowerCase();
  const isTrial = ({ tags }: Run): boolean => tags[TRIAL_TAG] !== undefined;
  const shown = (runs.data ?? []).filter(
    (run) =>
      // Trials lie under their search; whoever looks for one by name finds it here as well.
      (withTrials || wanted !== '' || run.id === id || !isTrial(run)) &&
      (experiment === null || run.experiment === experiment) &&
      `${run.name} ${run.experiment} ${run.id} ${Object.values(run.tags).join(' ')}`
        .toLowerCase()
        .includes(wanted),
  );
  const toggle = (run: string): void =>
    setChosen((before) => {
      const next = new Set(before);
      if (!next.delete(run)) next.add(run);
      return next;
    });
  const compare = (): void => {
    if (chosen.size > 1) navigate(`/runs/compare?ids=${[...chosen].join(',')}`);
  };
  return (
    <SplitView
      defaultWidth={330}
      list={
        <>
          <ListToolbar
            title={t('rooms.runs')}
            {...(runs.data === undefined ? {} : { count: format.integer(shown.length) })}
            filter={{ value: filter, onChange: setFilter }}
          >
            {id === undefined && runs.data?.some(isTrial) === true ? (
              <Checkbox
                size="xs"
                label={t('runs.tabTrials')}
                checked={withTrials}
                onChange={(event) => setWithTrials(event.currentTarget.checked)}
              />
            ) : null}
            {id === undefined && (experiments.data?.length ?? 0) > 1 ? (
              <Select
                className={classes.experiments ?? ''}
                aria-label={t('runs.experiment')}
                placeholder={t('runs.allExperiments')}
                clearable
                data={(experiments.data ?? []).map(({ name }) => name)}
                value={experiment}
                onChange={(name) =>
                  navigate(name === null ? '/runs' : `/runs?experiment=${encodeURIComponent(name)}`, {
                    replace: true,
                  })
                }
              />
            ) : null}
          </ListToolbar>
          <Loaded query={runs}>
            {(all) =>
              all.length === 0 ? (
                <EmptyState
                  icon={IconChartLine}
                  title={t('runs.emptyTitle')}
                  text={t('runs.emptyText')}
                  command="falaj train -f falaj.yaml --wait"
                />
              ) : (
                <>
                  <RunTable
                    runs={shown}
                    selected={id ?? null}
                    brief={id !== undefined}
                    chosen={chosen}
                    onToggle={toggle}
                    onCompare={compare}
                  />
                  {chosen.size === 0 ? null : (
                    <SelectionBar
                      count={chosen.size}
                      onCompare={compare}
                      onClear={() => setChosen(new Set())}
                    />
                  )}
                </>
              )
            }
          </Loaded>
        </>
      }
      detail={id === undefined ? null : <RunDetail key={id} id={id} tab={tab} />}
    />
  );
}
