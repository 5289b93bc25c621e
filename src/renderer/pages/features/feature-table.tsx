import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { FeatureViewInfo } from '../../../shared/contract/types.ts';
import { describeRecipe } from '../../../shared/definitions/aggregates.ts';
import { Code } from '../../components/code.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { nameAndType } from './feature-columns.tsx';

type Feature = FeatureViewInfo['definition']['features'][number];

export interface FeatureTableProps {
  readonly features: readonly Feature[];
  /** The one that was looked for. */
  readonly selected: string | null;
}

export function FeatureTable({ features, selected }: FeatureTableProps) {
  const { t } = useTranslation();
  const columns = useMemo<readonly TableColumn<Feature>[]>(
    () => [
      ...nameAndType<Feature>({ name: t('features.name'), type: t('features.type') }, 'minmax(140px, 1fr)'),
      {
        id: 'kind',
        header: t('features.kind'),
        width: 'minmax(90px, 0.5fr)',
        value: kindOf,
        cell: (feature) => t(`features.kinds.${kindOf(feature)}`),
      },
      {
        id: 'recipe',
        header: t('features.recipe'),
        width: 'minmax(180px, 2fr)',
        value: describeRecipe,
        cell: (feature) => <Code>{describeRecipe(feature)}</Code>,
      },
    ],
    [t],
  );
  return (
    <DataTable
      label={t('rooms.features')}
      columns={columns}
      rows={features}
      rowKey={({ name }) => name}
      selectedKey={selected}
    />
  );
}

const kindOf = (feature: Feature): 'aggregate' | 'expression' | 'column' =>
  feature.aggregate !== undefined ? 'aggregate' : feature.expression !== undefined ? 'expression' : 'column';
