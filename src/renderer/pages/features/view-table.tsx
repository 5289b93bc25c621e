import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { FeatureViewInfo } from '../../../shared/contract/types.ts';
import { sourceName } from '../../../shared/definitions/view-source.ts';
import { Code, Isolate } from '../../components/code.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { Labels } from '../../components/labels.tsx';
import { Ago } from '../../components/time.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './features.module.css';

export interface ViewTableProps {
  readonly views: readonly FeatureViewInfo[];
  readonly selected: string | null;
  readonly brief: boolean;
}

export function ViewTable({ views, selected, brief }: ViewTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns = useMemo<readonly TableColumn<FeatureViewInfo>[]>(() => {
    const name: TableColumn<FeatureViewInfo> = {
      id: 'name',
      header: t('features.name'),
      width: 'minmax(120px, 1.6fr)',
      value: ({ definition }) => definition.name,
      cell: ({ definition }) => (
        <span className={classes.name}>
          <Isolate>{definition.name}</Isolate>
        </span>
      ),
    };
    const count: TableColumn<FeatureViewInfo> = {
      id: 'count',
      header: t('rooms.features'),
      width: 'minmax(70px, 0.5fr)',
      align: 'end',
      value: ({ definition }) => definition.features.length,
      cell: ({ definition }) => format.integer(definition.features.length),
    };
    if (brief) return [name, count];
    return [
      name,
      count,
      {
        id: 'entities',
        header: t('features.entities'),
        width: 'minmax(90px, 0.8fr)',
        value: ({ definition }) => definition.entities.join(', '),
        cell: ({ definition }) =>
          definition.entities.length === 0 ? (
            t('features.global')
          ) : (
            <Code>{definition.entities.join(', ')}</Code>
          ),
      },
      {
        id: 'source',
        header: t('features.source'),
        width: 'minmax(90px, 0.8fr)',
        value: ({ definition }) => sourceName(definition.source) ?? '',
        cell: ({ definition }) => {
          const source = sourceName(definition.source);
          if (source !== null) return <Code>{source}</Code>;
          return t(definition.source.push === true ? 'features.pushed' : 'features.request');
        },
      },
      {
        id: 'used',
        header: t('features.usedBy'),
        width: 'minmax(90px, 1fr)',
        cell: ({ usedBy }) => <Labels values={usedBy} accent />,
      },
      {
        id: 'labels',
        header: t('data.labels'),
        width: 'minmax(90px, 0.8fr)',
        cell: ({ definition }) => <Labels values={definition.labels} />,
      },
      {
        id: 'applied',
        header: t('features.applied'),
        width: 'minmax(90px, 0.7fr)',
        value: ({ appliedAt }) => appliedAt,
        cell: ({ appliedAt }) => <Ago at={appliedAt} />,
      },
    ];
  }, [t, format, brief]);
  return (
    <DataTable
      label={t('features.views')}
      columns={columns}
      rows={views}
      rowKey={({ definition }) => definition.name}
      href={({ definition }) => `/features/${definition.name}`}
      selectedKey={selected}
      defaultSort={{ id: 'name', descending: false }}
    />
  );
}
