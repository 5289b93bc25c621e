import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CatalogueEntry } from '../../../shared/catalogue/catalogue-entry.ts';
import { describeRecipe } from '../../../shared/definitions/aggregates.ts';
import { sourceName } from '../../../shared/definitions/view-source.ts';
import { Code } from '../../components/code.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { Labels } from '../../components/labels.tsx';
import { Ago } from '../../components/time.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './catalogue.module.css';
import { type CatalogueQuestion, questionText } from './catalogue-address.ts';

export interface CatalogueTableProps {
  readonly entries: readonly CatalogueEntry[];
  readonly question: CatalogueQuestion;
  readonly selected: string | null;
  /** Beside a view's page: names alone. */
  readonly brief: boolean;
}

/** Views, and between them the features that a search found, the best first. */
export function CatalogueTable({ entries, question, selected, brief }: CatalogueTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const ranked = question.search.trim() !== '';
  const columns = useMemo<readonly TableColumn<CatalogueEntry>[]>(() => {
    const name: TableColumn<CatalogueEntry> = {
      id: 'name',
      header: t('features.name'),
      width: 'minmax(210px, 1.8fr)',
      value: ({ id }) => id,
      cell: (entry) => <EntryName entry={entry} />,
    };
    if (brief) return [name];
    return [
      name,
      {
        id: 'about',
        header: t('features.about'),
        width: 'minmax(150px, 2fr)',
        cell: ({ view, feature }) =>
          feature === null ? (
            <span dir="auto" className={classes.about} title={view.definition.description}>
              {view.definition.description ??
                t('features.featureCount', {
                  count: view.definition.features.length,
                  found: format.integer(view.definition.features.length),
                })}
            </span>
          ) : (
            <Code>{describeRecipe(feature)}</Code>
          ),
      },
      {
        id: 'entities',
        header: t('features.entities'),
        width: 'minmax(80px, 0.8fr)',
        value: ({ view }) => view.definition.entities.join(', '),
        cell: ({ view: { definition } }) =>
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
        value: ({ view }) => sourceName(view.definition.source) ?? '',
        cell: ({ view: { definition } }) => {
          const source = sourceName(definition.source);
          if (source !== null) return <Code>{source}</Code>;
          return t(definition.source.push === true ? 'features.pushed' : 'features.request');
        },
      },
      {
        id: 'used',
        header: t('features.usedBy'),
        width: 'minmax(90px, 0.9fr)',
        cell: ({ view }) => <Labels values={view.usedBy} accent />,
      },
      {
        id: 'labels',
        header: t('data.labels'),
        width: 'minmax(80px, 0.6fr)',
        cell: ({ view }) => <Labels values={view.definition.labels} />,
      },
      {
        id: 'imported',
        header: t('features.newestRows'),
        width: 'minmax(90px, 0.7fr)',
        value: ({ view }) => view.rowsImportedAt,
        cell: ({ view: { rowsImportedAt } }) => (rowsImportedAt === null ? '–' : <Ago at={rowsImportedAt} />),
      },
    ];
  }, [t, format, brief]);
  return (
    <DataTable
      // A ranked list keeps its order until a column is asked for; browsing starts by name.
      key={ranked ? 'ranked' : 'browsed'}
      label={t('features.views')}
      columns={columns}
      rows={entries}
      rowKey={({ id }) => id}
      href={({ view, feature }) =>
        `/features/${view.definition.name}${questionText(question, feature === null ? {} : { feature: feature.name })}`
      }
      selectedKey={selected}
      {...(ranked ? {} : { defaultSort: { id: 'name', descending: false } })}
    />
  );
}

function EntryName({ entry: { view, feature } }: { readonly entry: CatalogueEntry }) {
  const { name } = view.definition;
  if (feature === null) return <bdi className={classes.view}>{name}</bdi>;
  return (
    <bdi dir="ltr" className={classes.feature}>
      <span className={classes.parent}>{name}:</span>
      {feature.name}
    </bdi>
  );
}
