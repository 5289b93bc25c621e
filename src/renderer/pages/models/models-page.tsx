import { IconRosetteDiscountCheck } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Model } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { Labels } from '../../components/labels.tsx';
import { type ListAddress, useListAddress } from '../../components/list-address.ts';
import { ListToolbar } from '../../components/list-toolbar.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { SplitView } from '../../components/split-view.tsx';
import { Ago } from '../../components/time.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { judgingMetrics, metricLabel } from '../runs/verdict.ts';
import { ModelPassport } from './model-passport.tsx';
import classes from './models.module.css';

export interface ModelsPageProps {
  readonly params: {
    readonly name?: string | undefined;
    readonly version?: string | undefined;
    readonly tab?: string | undefined;
  };
}

/** `/models`, `/models/NAME` (its latest version), `/models/NAME/3`, `/models/NAME/3/lineage` … */
export function ModelsPage({ params }: ModelsPageProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const models = useQuery('models', 'list', undefined);
  const list = useListAddress();
  const { name } = params;
  const shown = (models.data ?? []).filter((model) =>
    model.name.toLowerCase().includes(list.filter.value.toLowerCase()),
  );
  const latest = models.data?.find((model) => model.name === name)?.latestVersion;
  const version = params.version === undefined ? latest : Number(params.version);
  return (
    <SplitView
      back={{ href: list.within('/models'), label: t('rooms.models') }}
      list={
        <>
          <ListToolbar
            title={t('rooms.models')}
            {...(models.data === undefined ? {} : { count: format.integer(models.data.length) })}
            filter={list.filter}
          />
          <Loaded query={models}>
            {(all) =>
              all.length === 0 ? (
                <EmptyState
                  icon={IconRosetteDiscountCheck}
                  title={t('models.emptyTitle')}
                  text={t('models.emptyText')}
                  command="falaj train -f falaj.yaml --wait"
                />
              ) : (
                <ModelTable
                  within={list.within}
                  models={shown}
                  selected={name ?? null}
                  brief={name !== undefined}
                />
              )
            }
          </Loaded>
        </>
      }
      detail={
        name === undefined ? null : (
          <Loaded query={models}>
            {() =>
              version === 0 ? (
                <EmptyState
                  icon={IconRosetteDiscountCheck}
                  title={t('models.noVersionsTitle', { name })}
                  text={t('models.noVersionsText')}
                />
              ) : (
                <ModelPassport
                  key={`${name}:${String(version)}`}
                  name={name}
                  reference={version === undefined ? name : `${name}:${String(version)}`}
                  tab={params.tab ?? 'signature'}
                />
              )
            }
          </Loaded>
        )
      }
    />
  );
}

interface ModelTableProps {
  readonly within: ListAddress['within'];
  readonly models: readonly Model[];
  readonly selected: string | null;
  readonly brief: boolean;
}

function ModelTable({ within, models, selected, brief }: ModelTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns = useMemo<readonly TableColumn<Model>[]>(() => {
    const name: TableColumn<Model> = {
      id: 'name',
      header: t('models.name'),
      width: 'minmax(130px, 1.6fr)',
      value: (model) => model.name,
      cell: (model) => <bdi className={classes.name}>{model.name}</bdi>,
    };
    const latest: TableColumn<Model> = {
      id: 'latest',
      header: t('models.latest'),
      width: 'minmax(60px, 0.4fr)',
      align: 'end',
      value: (model) => model.latestVersion,
      cell: (model) => (model.latestVersion === 0 ? '–' : <Code>v{model.latestVersion}</Code>),
    };
    if (brief) return [name, latest];
    const together = Object.assign({}, ...models.map(({ metrics }) => metrics)) as Record<string, number>;
    return [
      name,
      {
        id: 'aliases',
        header: t('models.aliases'),
        width: 'minmax(180px, 2fr)',
        cell: (model) => (
          <Labels
            accent
            values={Object.entries(model.aliases).map(([alias, version]) => `@${alias} v${String(version)}`)}
          />
        ),
      },
      {
        id: 'framework',
        header: t('models.framework'),
        width: 'minmax(130px, 0.8fr)',
        value: (model) => model.framework,
        cell: (model) => (model.framework === null ? '–' : <Code>{model.framework}</Code>),
      },
      latest,
      {
        id: 'versions',
        header: t('models.versions'),
        width: 'minmax(76px, 0.4fr)',
        align: 'end',
        value: (model) => model.versions,
        cell: (model) => format.integer(model.versions),
      },
      ...judgingMetrics(together)
        .slice(0, 3)
        .map<TableColumn<Model>>((metric) => ({
          id: `metric.${metric}`,
          header: metricLabel(metric),
          width: 'minmax(80px, 0.5fr)',
          align: 'end',
          value: (model) => model.metrics[metric] ?? null,
          cell: (model) =>
            model.metrics[metric] === undefined ? '–' : format.fixed(model.metrics[metric], 4),
        })),
      {
        id: 'updated',
        header: t('models.updated'),
        width: 'minmax(100px, 0.6fr)',
        align: 'end',
        value: (model) => model.updatedAt,
        cell: (model) => <Ago at={model.updatedAt} />,
      },
    ];
  }, [t, format, brief, models]);
  return (
    <DataTable
      label={t('rooms.models')}
      columns={columns}
      rows={models}
      rowKey={(model) => model.name}
      href={(model) => within(`/models/${model.name}`)}
      selectedKey={selected}
      defaultSort={{ id: 'name', descending: false }}
    />
  );
}
