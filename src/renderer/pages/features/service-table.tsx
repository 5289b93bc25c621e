import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { EngineClient } from '../../../shared/contract/types.ts';
import { viewReferenceOf } from '../../../shared/definitions/view-reference.ts';
import { Isolate } from '../../components/code.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './features.module.css';

export type Service = Awaited<ReturnType<EngineClient['features']['services']>>[number];

export const serviceHref = (name: string): string => `/features/~services/${encodeURIComponent(name)}`;

/** The services beside the one that is open. */
export function ServiceTable({
  services,
  selected,
}: {
  readonly services: readonly Service[];
  readonly selected: string;
}) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns = useMemo<readonly TableColumn<Service>[]>(
    () => [
      {
        id: 'name',
        header: t('features.name'),
        width: 'minmax(120px, 1.6fr)',
        value: ({ name }) => name,
        cell: ({ name }) => (
          <span className={classes.name}>
            <Isolate>{name}</Isolate>
          </span>
        ),
      },
      {
        id: 'views',
        header: t('features.service.views'),
        width: 'minmax(70px, 0.5fr)',
        align: 'end',
        value: viewCount,
        cell: (service) => format.integer(viewCount(service)),
      },
    ],
    [t, format],
  );
  return (
    <DataTable
      label={t('features.services')}
      columns={columns}
      rows={services}
      rowKey={({ name }) => name}
      href={({ name }) => serviceHref(name)}
      selectedKey={selected}
      defaultSort={{ id: 'name', descending: false }}
    />
  );
}

const viewCount = ({ features }: Service): number => new Set(features.map(viewReferenceOf)).size;
