import { Button } from '@mantine/core';
import { IconPlus, IconReceipt } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { TrainingSetInfo } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { type ListAddress, useListAddress } from '../../components/list-address.ts';
import { ListToolbar } from '../../components/list-toolbar.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { SplitView } from '../../components/split-view.tsx';
import { Ago } from '../../components/time.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { SetDetail } from './set-detail.tsx';

/** What a set's features are called in short: by what joined them, else by the rows that they are columns of. */
export const featuresOf = ({
  service,
  features,
  entities,
}: Pick<TrainingSetInfo, 'service' | 'features' | 'entities'>): string =>
  service ?? features?.join(', ') ?? entities;

/** The training sets that have a receipt, and one of them. */
export function SetsPage({ id }: { readonly id: string | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const sets = useQuery('features', 'sets', undefined);
  const list = useListAddress();
  const wanted = list.filter.value.toLowerCase();
  const shown = (sets.data ?? []).filter((set) =>
    `${set.id} ${featuresOf(set)} ${set.entities}`.toLowerCase().includes(wanted),
  );
  const button = (
    <Button component={Link} href="/features/~training-sets/build" leftSection={<IconPlus size={14} />}>
      {t('trainingSets.buildTitle')}
    </Button>
  );
  return (
    <SplitView
      back={{ href: list.within('/features/~training-sets'), label: t('trainingSets.title') }}
      defaultWidth={360}
      list={
        <>
          <ListToolbar
            title={t('trainingSets.title')}
            {...(sets.data === undefined ? {} : { count: format.integer(sets.data.length) })}
            filter={list.filter}
          >
            {id === undefined ? button : null}
          </ListToolbar>
          <Loaded query={sets}>
            {(all) =>
              all.length === 0 ? (
                <EmptyState
                  icon={IconReceipt}
                  title={t('trainingSets.noneTitle')}
                  text={t('trainingSets.noneText')}
                  action={button}
                  command="falaj features historical --service NAME --entities FILE --out OUT --receipt RECEIPT"
                />
              ) : (
                <SetTable within={list.within} sets={shown} selected={id ?? null} brief={id !== undefined} />
              )
            }
          </Loaded>
        </>
      }
      detail={id === undefined ? null : <SetDetail key={id} id={id} />}
    />
  );
}

interface SetTableProps {
  readonly within: ListAddress['within'];
  readonly sets: readonly TrainingSetInfo[];
  readonly selected: string | null;
  readonly brief: boolean;
}

function SetTable({ within, sets, selected, brief }: SetTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns = useMemo<readonly TableColumn<TrainingSetInfo>[]>(() => {
    const features: TableColumn<TrainingSetInfo> = {
      id: 'features',
      header: t('trainingSets.features'),
      width: 'minmax(120px, 1.4fr)',
      value: featuresOf,
      cell: (set) => <Code>{featuresOf(set)}</Code>,
    };
    const built: TableColumn<TrainingSetInfo> = {
      id: 'built',
      header: t('trainingSets.builtAt'),
      width: 'minmax(90px, 0.7fr)',
      value: ({ builtAt }) => builtAt,
      cell: ({ builtAt }) => <Ago at={builtAt} />,
    };
    const rows: TableColumn<TrainingSetInfo> = {
      id: 'rows',
      header: t('trainingSets.rows'),
      width: 'minmax(70px, 0.5fr)',
      align: 'end',
      value: (set) => set.rows,
      cell: (set) => format.integer(set.rows),
    };
    if (brief) return [features, rows, built];
    return [
      features,
      {
        id: 'entities',
        header: t('trainingSets.rowsFrom'),
        width: 'minmax(140px, 1.4fr)',
        value: ({ entities }) => entities,
        cell: ({ entities }) => <Code>{entities}</Code>,
      },
      rows,
      {
        id: 'known',
        header: t('trainingSets.known'),
        width: 'minmax(120px, 0.8fr)',
        value: ({ asKnown }) => asKnown,
        cell: ({ asKnown }) =>
          asKnown === null || asKnown === 'row' ? (
            t(`trainingSets.knownWays.${asKnown ?? 'newest'}`)
          ) : (
            <Code>{asKnown}</Code>
          ),
      },
      {
        id: 'run',
        header: t('trainingSets.run'),
        width: 'minmax(90px, 0.6fr)',
        value: ({ run }) => run,
        cell: ({ run }) => (run === null ? '–' : <Code>{run.slice(0, 12)}</Code>),
      },
      built,
    ];
  }, [t, format, brief]);
  return (
    <DataTable
      label={t('trainingSets.title')}
      columns={columns}
      rows={sets}
      rowKey={({ id }) => id}
      href={({ id }) => within(`/features/~training-sets/${id}`)}
      selectedKey={selected}
      defaultSort={{ id: 'built', descending: true }}
    />
  );
}
