import { Button } from '@mantine/core';
import { IconDatabase, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { EmptyState } from '../../components/empty-state.tsx';
import { useListAddress } from '../../components/list-address.ts';
import { ListToolbar } from '../../components/list-toolbar.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { SplitView } from '../../components/split-view.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { DatasetDetail } from './dataset-detail.tsx';
import { DatasetTable } from './dataset-table.tsx';
import { ImportDialog } from './import-dialog.tsx';

export interface DataPageProps {
  readonly params: { readonly name?: string | undefined; readonly tab?: string | undefined };
}

/** `/data`, `/data/NAME`, `/data/NAME/schema`, `/data/NAME/versions`; `/data/~import` opens the dialog. */
export function DataPage({ params }: DataPageProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [, navigate] = useLocation();
  const datasets = useQuery('data', 'list', undefined);
  const list = useListAddress();
  const importing = params.name === '~import';
  const name = importing ? undefined : params.name;
  const shown = (datasets.data ?? []).filter((dataset) =>
    dataset.name.toLowerCase().includes(list.filter.value.toLowerCase()),
  );
  const importButton = (
    <Button component={Link} href={list.within('/data/~import')} leftSection={<IconPlus size={14} />}>
      {t('data.import')}
    </Button>
  );
  return (
    <>
      <SplitView
        back={{ href: list.within('/data'), label: t('rooms.data') }}
        list={
          <>
            <ListToolbar
              title={t('rooms.data')}
              {...(datasets.data === undefined ? {} : { count: format.integer(datasets.data.length) })}
              filter={list.filter}
            >
              {name === undefined ? importButton : null}
            </ListToolbar>
            <Loaded query={datasets}>
              {(all) =>
                all.length === 0 ? (
                  <EmptyState
                    icon={IconDatabase}
                    title={t('data.emptyTitle')}
                    text={t('data.emptyText')}
                    action={importButton}
                    command="falaj data import flights.parquet --name flights --event-time date"
                  />
                ) : (
                  <DatasetTable
                    within={list.within}
                    datasets={shown}
                    selected={name ?? null}
                    brief={name !== undefined}
                  />
                )
              }
            </Loaded>
          </>
        }
        detail={
          name === undefined ? null : <DatasetDetail key={name} name={name} tab={params.tab ?? 'rows'} />
        }
      />
      <ImportDialog opened={importing} onClose={() => navigate(list.within('/data'))} />
    </>
  );
}
