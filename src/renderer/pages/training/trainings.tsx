import { Button } from '@mantine/core';
import { IconPlus, IconSchool } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Run } from '../../../shared/contract/types.ts';
import type { AnyTraining } from '../../../shared/definitions/training.ts';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { type ListAddress, useListAddress } from '../../components/list-address.ts';
import { ListToolbar } from '../../components/list-toolbar.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { SplitView } from '../../components/split-view.tsx';
import { Ago } from '../../components/time.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { RunStatusBadge } from '../runs/run-status.tsx';
import { learnerKind } from './learner-kind.ts';
import { TrainingDetail } from './training-detail.tsx';

/** Enough that every training that is in use finds its last run. */
const NEWEST_RUNS = 1000;

/** All trainings, and one of them. */
export function Trainings({ name }: { readonly name: string | null }) {
  const { t } = useTranslation();
  const format = useFormat();
  const trainings = useQuery('training', 'list', undefined);
  const list = useListAddress();
  const create = (
    <Button component={Link} href="/training/~new" size="xs" leftSection={<IconPlus size={14} />}>
      {t('training.new')}
    </Button>
  );
  return (
    <SplitView
      back={{ href: list.within('/training'), label: t('rooms.training') }}
      defaultWidth={380}
      list={
        <>
          <ListToolbar
            title={t('rooms.training')}
            {...(trainings.data === undefined ? {} : { count: format.integer(trainings.data.length) })}
            filter={list.filter}
          >
            {create}
          </ListToolbar>
          <Loaded query={trainings}>
            {(all) =>
              all.length === 0 ? (
                <EmptyState
                  icon={IconSchool}
                  title={t('training.emptyTitle')}
                  text={t('training.emptyText')}
                  command="falaj train -f training.yaml"
                />
              ) : (
                <TrainingTable
                  within={list.within}
                  trainings={all.filter((one) =>
                    one.name.toLowerCase().includes(list.filter.value.toLowerCase()),
                  )}
                  selected={name}
                />
              )
            }
          </Loaded>
        </>
      }
      detail={name === null ? null : <TrainingDetail key={name} name={name} />}
    />
  );
}

function TrainingTable({
  within,
  trainings,
  selected,
}: {
  readonly within: ListAddress['within'];
  readonly trainings: readonly AnyTraining[];
  readonly selected: string | null;
}) {
  const { t } = useTranslation();
  const runs = useQuery('runs', 'search', { trials: false, limit: NEWEST_RUNS });
  const last = useMemo(() => lastRuns(runs.data?.runs ?? []), [runs.data]);
  const isBrief = selected !== null;
  const columns = useMemo<readonly TableColumn<AnyTraining>[]>(() => {
    const all: readonly (TableColumn<AnyTraining> & { readonly brief: boolean })[] = [
      {
        id: 'name',
        header: t('training.name'),
        width: 'minmax(120px, 1.2fr)',
        value: ({ name }) => name,
        cell: ({ name }) => <bdi>{name}</bdi>,
        brief: true,
      },
      {
        id: 'task',
        header: t('training.task'),
        width: 'minmax(90px, 0.6fr)',
        value: ({ task }) => task,
        cell: ({ task }) => t(`training.tasks.${task}`),
        brief: false,
      },
      {
        id: 'learner',
        header: t('training.learner'),
        width: 'minmax(90px, 0.8fr)',
        value: learnerKind,
        cell: (one) => t(`training.learners.${learnerKind(one)}`),
        brief: false,
      },
      {
        id: 'data',
        header: t('training.data'),
        width: 'minmax(100px, 1fr)',
        value: ({ entities }) => entities.dataset,
        cell: ({ entities, service }) => (
          <bdi>{service === undefined ? entities.dataset : `${entities.dataset} · ${service}`}</bdi>
        ),
        brief: false,
      },
      {
        id: 'last',
        header: t('training.lastRun'),
        width: 'minmax(96px, 0.6fr)',
        value: ({ name }) => last.get(name)?.startedAt ?? null,
        cell: ({ name }) => {
          const run = last.get(name);
          return run === undefined ? '–' : <RunStatusBadge status={run.status} plain />;
        },
        brief: true,
      },
      {
        id: 'when',
        header: t('training.when'),
        width: 'minmax(84px, 0.6fr)',
        value: ({ name }) => last.get(name)?.startedAt ?? null,
        cell: ({ name }) => {
          const run = last.get(name);
          return run === undefined ? '–' : <Ago at={run.startedAt} />;
        },
        brief: false,
      },
    ];
    return all.filter(({ brief }) => brief || !isBrief);
  }, [t, last, isBrief]);
  return (
    <DataTable
      label={t('rooms.training')}
      columns={columns}
      rows={trainings}
      rowKey={({ name }) => name}
      href={({ name }) => within(`/training/${name}`)}
      selectedKey={selected}
      defaultSort={{ id: 'name', descending: false }}
    />
  );
}

/** The newest run of each training; runs come with the newest first. */
function lastRuns(runs: readonly Run[]): ReadonlyMap<string, Run> {
  const last = new Map<string, Run>();
  for (const run of runs) {
    const training = run.tags['training'];
    if (training !== undefined && !last.has(training)) last.set(training, run);
  }
  return last;
}
