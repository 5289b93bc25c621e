import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Dataset } from '../../../shared/contract/types.ts';
import { Code, Digest } from '../../components/code.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { DateTime } from '../../components/time.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';

export function DatasetVersions({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const versions = useQuery('data', 'versions', { name });
  const columns = useMemo<readonly TableColumn<Dataset>[]>(
    () => [
      {
        id: 'version',
        header: t('data.version'),
        width: '80px',
        value: ({ version }) => version,
        cell: ({ version }) => <Code>v{version}</Code>,
      },
      {
        id: 'imported',
        header: t('data.imported'),
        width: 'minmax(150px, 1fr)',
        value: ({ importedAt }) => importedAt,
        cell: ({ importedAt }) => <DateTime at={importedAt} />,
      },
      {
        id: 'mode',
        header: t('data.mode'),
        width: 'minmax(90px, 0.6fr)',
        value: ({ mode }) => mode,
        cell: ({ mode }) => t(`data.modes.${mode}`),
      },
      {
        id: 'added',
        header: t('data.addedRows'),
        width: 'minmax(80px, 0.6fr)',
        align: 'end',
        value: ({ addedRows }) => addedRows,
        cell: ({ addedRows }) => format.integer(addedRows),
      },
      {
        id: 'rows',
        header: t('data.rows'),
        width: 'minmax(80px, 0.6fr)',
        align: 'end',
        value: ({ rows }) => rows,
        cell: ({ rows }) => format.integer(rows),
      },
      {
        id: 'size',
        header: t('data.size'),
        width: 'minmax(80px, 0.6fr)',
        align: 'end',
        value: ({ sizeBytes }) => sizeBytes,
        cell: ({ sizeBytes }) => <bdi>{format.bytes(sizeBytes)}</bdi>,
      },
      {
        id: 'digest',
        header: t('data.digest'),
        width: 'minmax(130px, 1fr)',
        cell: ({ digest }) => <Digest value={digest} />,
      },
      {
        id: 'source',
        header: t('data.source'),
        width: 'minmax(160px, 2fr)',
        value: ({ source }) => source,
        cell: ({ source }) => <Code>{source}</Code>,
      },
    ],
    [t, format],
  );
  return (
    <Loaded query={versions}>
      {(rows) => (
        <DataTable
          label={t('data.tabVersions')}
          columns={columns}
          rows={rows}
          rowKey={({ version }) => String(version)}
          defaultSort={{ id: 'version', descending: true }}
        />
      )}
    </Loaded>
  );
}
