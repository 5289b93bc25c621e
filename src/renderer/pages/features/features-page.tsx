import { Button } from '@mantine/core';
import { IconBinaryTree2, IconFileImport, IconReceipt } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { EmptyState } from '../../components/empty-state.tsx';
import { ListToolbar } from '../../components/list-toolbar.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { SplitView } from '../../components/split-view.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ApplyDialog } from './apply-dialog.tsx';
import { ServiceDetail } from './service-detail.tsx';
import { ServiceList } from './service-list.tsx';
import { ServiceTable } from './service-table.tsx';
import { ViewDetail } from './view-detail.tsx';
import { ViewTable } from './view-table.tsx';

export interface FeaturesPageProps {
  readonly params: {
    readonly name?: string | undefined;
    readonly service?: string | undefined;
    readonly tab?: string | undefined;
  };
}

/**
 * `/features`, `/features/VIEW` with `/sample`, `/online`, `/lineage` or `/definition`; `/features/services/SERVICE` with
 * `/skew` or `/definition`; `/features/apply` opens the dialog.
 */
export function FeaturesPage({ params }: FeaturesPageProps) {
  return params.service === undefined ? (
    <ViewsPage params={params} />
  ) : (
    <ServicePage name={params.service} tab={params.tab ?? 'features'} />
  );
}

function ServicePage({ name, tab }: { readonly name: string; readonly tab: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const services = useQuery('features', 'services', undefined);
  return (
    <SplitView
      list={
        <>
          <ListToolbar
            title={t('features.services')}
            {...(services.data === undefined ? {} : { count: format.integer(services.data.length) })}
          />
          <Loaded query={services}>{(all) => <ServiceTable services={all} selected={name} />}</Loaded>
        </>
      }
      detail={<ServiceDetail key={name} name={name} tab={tab} />}
    />
  );
}

function ViewsPage({ params }: FeaturesPageProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const [, navigate] = useLocation();
  const views = useQuery('features', 'views', undefined);
  const [filter, setFilter] = useState('');
  const applying = params.name === 'apply';
  const name = applying ? undefined : params.name;
  const shown = (views.data ?? []).filter(({ definition }) =>
    definition.name.toLowerCase().includes(filter.toLowerCase()),
  );
  const applyButton = (
    <Button component={Link} href="/features/apply" leftSection={<IconFileImport size={14} />}>
      {t('features.apply')}
    </Button>
  );
  return (
    <>
      <SplitView
        list={
          <>
            <ListToolbar
              title={t('features.views')}
              {...(views.data === undefined ? {} : { count: format.integer(views.data.length) })}
              filter={{ value: filter, onChange: setFilter }}
            >
              {name === undefined ? (
                <>
                  <Button
                    component={Link}
                    href="/features/training-sets"
                    variant="default"
                    leftSection={<IconReceipt size={14} />}
                  >
                    {t('trainingSets.title')}
                  </Button>
                  {applyButton}
                </>
              ) : null}
            </ListToolbar>
            <Loaded query={views}>
              {(all) =>
                all.length === 0 ? (
                  <EmptyState
                    icon={IconBinaryTree2}
                    title={t('features.emptyTitle')}
                    text={t('features.emptyText')}
                    action={applyButton}
                    command="falaj apply -f falaj.yaml"
                  />
                ) : (
                  <>
                    <ViewTable views={shown} selected={name ?? null} brief={name !== undefined} />
                    {name === undefined ? <ServiceList /> : null}
                  </>
                )
              }
            </Loaded>
          </>
        }
        detail={
          name === undefined ? null : <ViewDetail key={name} name={name} tab={params.tab ?? 'features'} />
        }
      />
      <ApplyDialog opened={applying} onClose={() => navigate('/features')} />
    </>
  );
}
