import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Dataset } from '../../../shared/contract/types.ts';
import { Code, Isolate } from '../../components/code.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { Labels } from '../../components/labels.tsx';
import type { ListAddress } from '../../components/list-address.ts';
import { Ago } from '../../components/time.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './data.module.css';

export interface DatasetTableProps {
  /** The address of a dataset that leaves the list as it is. */
  readonly within: ListAddress['within'];
  readonly datasets: readonly Dataset[];
  readonly selected: string | null;
  /** Beside an open dataset: only what is needed to find another. */
  readonly brief: boolean;
}

export function DatasetTable({ within, datasets, selected, brief }: DatasetTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns = useMemo<readonly TableColumn<Dataset>[]>(() => {
    const name: TableColumn<Dataset> = {
      id: 'name',
      header: t('data.name'),
      width: 'minmax(120px, 2fr)',
      value: (dataset) => dataset.name,
      cell: (dataset) => (
        <span className={classes.name}>
          <Isolate>{dataset.name}</Isolate>
        </span>
      ),
    };
    const rows: TableColumn<Dataset> = {
      id: 'rows',
      header: t('data.rows'),
      width: 'minmax(64px, 0.7fr)',
      align: 'end',
      value: (dataset) => dataset.rows,
      cell: (dataset) => (brief ? format.compact(dataset.rows) : format.integer(dataset.rows)),
    };
    if (brief) return [name, rows];
    return [
      name,
      rows,
      {
        id: 'columns',
        header: t('data.columns'),
        width: 'minmax(64px, 0.6fr)',
        align: 'end',
        value: (dataset) => dataset.columns.length,
        cell: (dataset) => format.integer(dataset.columns.length),
      },
      {
        id: 'size',
        header: t('data.size'),
        width: 'minmax(80px, 0.7fr)',
        align: 'end',
        value: (dataset) => dataset.sizeBytes,
        cell: (dataset) => <bdi>{format.bytes(dataset.sizeBytes)}</bdi>,
      },
      {
        id: 'version',
        header: t('data.version'),
        width: 'minmax(64px, 0.5fr)',
        align: 'end',
        value: (dataset) => dataset.version,
        cell: (dataset) => <Code>v{dataset.version}</Code>,
      },
      {
        id: 'time',
        header: t('data.eventTime'),
        width: 'minmax(90px, 1fr)',
        value: (dataset) => dataset.eventTime ?? '',
        cell: (dataset) => (dataset.eventTime === null ? '–' : <Code>{dataset.eventTime}</Code>),
      },
      {
        id: 'labels',
        header: t('data.labels'),
        width: 'minmax(90px, 1fr)',
        cell: (dataset) => <Labels values={dataset.labels} />,
      },
      {
        id: 'imported',
        header: t('data.imported'),
        width: 'minmax(96px, 0.9fr)',
        value: (dataset) => dataset.importedAt,
        cell: (dataset) => <Ago at={dataset.importedAt} />,
      },
    ];
  }, [t, format, brief]);
  return (
    <DataTable
      label={t('rooms.data')}
      columns={columns}
      rows={datasets}
      rowKey={(dataset) => dataset.name}
      href={(dataset) => within(`/data/${dataset.name}`)}
      selectedKey={selected}
      defaultSort={{ id: 'name', descending: false }}
    />
  );
}
