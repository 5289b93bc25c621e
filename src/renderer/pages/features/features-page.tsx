import { Button } from '@mantine/core';
import { IconBinaryTree2, IconFileImport, IconFilter, IconReceipt } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation, useSearch } from 'wouter';
import { EmptyState } from '../../components/empty-state.tsx';
import { ListToolbar } from '../../components/list-toolbar.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { SplitView } from '../../components/split-view.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { ApplyDialog } from './apply-dialog.tsx';
import classes from './catalogue.module.css';
import { isNarrowed, questionText } from './catalogue-address.ts';
import { CatalogueChoices } from './catalogue-choices.tsx';
import { CatalogueEmpty } from './catalogue-empty.tsx';
import { CatalogueTable } from './catalogue-table.tsx';
import { FacetPanel } from './facet-panel.tsx';
import { ServiceDetail } from './service-detail.tsx';
import { ServiceList } from './service-list.tsx';
import { ServiceTable } from './service-table.tsx';
import { useCatalogue } from './use-catalogue.ts';
import { ViewDetail } from './view-detail.tsx';

export interface FeaturesPageProps {
  readonly params: {
    readonly name?: string | undefined;
    readonly service?: string | undefined;
    readonly tab?: string | undefined;
  };
}

/**
 * `/features`, `/features/VIEW` with `/sample`, `/statistics`, `/online`, `/lineage` or `/definition`, and `?q=…` with the facets that narrow
 * the list; `/features/~services/SERVICE` with `/skew` or `/definition`; `/features/~apply` opens the dialog.
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
      back={{ href: '/features', label: t('features.views') }}
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
  const catalogue = useCatalogue(views.data);
  const [filtersOpened, setFiltersOpened] = useState(false);
  const applying = params.name === '~apply';
  const name = applying ? undefined : params.name;
  const alone = name === undefined;
  const feature = new URLSearchParams(useSearch()).get('feature');
  const applyButton = (
    <Button component={Link} href="/features/~apply" leftSection={<IconFileImport size={14} />}>
      {t('features.apply')}
    </Button>
  );
  return (
    <>
      <SplitView
        back={{ href: `/features${questionText(catalogue.question)}`, label: t('features.views') }}
        list={
          <>
            <ListToolbar
              title={t('features.views')}
              {...(views.data === undefined ? {} : { count: format.integer(views.data.length) })}
              filter={{
                value: catalogue.question.search,
                onChange: catalogue.setSearch,
                placeholder: t('features.search'),
              }}
            >
              {alone ? (
                <>
                  <Button
                    variant="default"
                    className={classes.filtersButton ?? ''}
                    leftSection={<IconFilter size={14} />}
                    aria-expanded={filtersOpened}
                    onClick={() => setFiltersOpened(!filtersOpened)}
                  >
                    {t('features.filters')}
                  </Button>
                  <Button
                    component={Link}
                    href="/features/~training-sets"
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
                  <div className={classes.page}>
                    {alone ? <FacetPanel catalogue={catalogue} opened={filtersOpened} /> : null}
                    <div className={classes.results}>
                      <CatalogueChoices catalogue={catalogue} />
                      {catalogue.entries.length === 0 ? (
                        <CatalogueEmpty catalogue={catalogue} views={all} />
                      ) : (
                        <CatalogueTable
                          entries={catalogue.entries}
                          question={catalogue.question}
                          selected={feature === null || alone ? (name ?? null) : `${name}:${feature}`}
                          brief={!alone}
                        />
                      )}
                      {alone && !isNarrowed(catalogue.question) ? <ServiceList /> : null}
                    </div>
                  </div>
                )
              }
            </Loaded>
          </>
        }
        detail={alone ? null : <ViewDetail key={name} name={name} tab={params.tab ?? 'features'} />}
      />
      <ApplyDialog opened={applying} onClose={() => navigate('/features')} />
    </>
  );
}
