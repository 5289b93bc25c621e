import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { FeatureServiceDetail } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { nameAndType } from './feature-columns.tsx';
import classes from './features.module.css';

type Feature = FeatureServiceDetail['features'][number];

/** What an answer of the service holds, in its order, with where each comes from. */
export function ServiceFeatures({ features }: { readonly features: readonly Feature[] }) {
  const { t } = useTranslation();
  const columns = useMemo<readonly TableColumn<Feature>[]>(
    () => [
      ...nameAndType<Feature>({ name: t('features.name'), type: t('features.type') }, 'minmax(180px, 1.6fr)'),
      {
        id: 'view',
        header: t('features.service.view'),
        width: 'minmax(120px, 1fr)',
        value: ({ view }) => view,
        cell: ({ view }) => (
          <Link href={`/features/${encodeURIComponent(view)}`} className={classes.link}>
            <Code>{view}</Code>
          </Link>
        ),
      },
    ],
    [t],
  );
  return (
    <DataTable label={t('rooms.features')} columns={columns} rows={features} rowKey={({ name }) => name} />
  );
}
