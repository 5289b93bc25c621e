import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../../shared/contract/types.ts';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import type { RunAxis } from './compare-axes.ts';
import classes from './relations.module.css';
import shared from './runs.module.css';

export interface RelationTableProps {
  readonly runs: readonly Run[];
  readonly axes: readonly RunAxis[];
}

/** The runs behind the charts with the values of the axes; sorted and opened by keys. */
export function RelationTable({ runs, axes }: RelationTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns = useMemo<readonly TableColumn<Run>[]>(
    () => [
      {
        id: 'name',
        header: t('runs.name'),
        width: 'minmax(120px, 1.4fr)',
        value: (run) => run.name,
        cell: (run) => <bdi className={shared.name}>{run.name}</bdi>,
      },
      ...axes.map(({ key, label, kind, values }): TableColumn<Run> => {
        const name = key.slice(kind.length + 1);
        const isText = values.some((value) => typeof value === 'string');
        const figureOf = (run: Run): string | number | null => {
          const value = (kind === 'param' ? run.params[name] : run.metrics[name]) ?? null;
          return value === null || isText ? value : Number(value);
        };
        return {
          id: key,
          header: label,
          width: 'minmax(80px, 1fr)',
          align: isText ? 'start' : 'end',
          value: figureOf,
          cell: (run) => {
            const value = figureOf(run);
            return (
              <bdi>{value === null ? '–' : typeof value === 'number' ? format.number(value, 5) : value}</bdi>
            );
          },
        };
      }),
    ],
    [t, format, axes],
  );
  return (
    <div className={classes.relationTable}>
      <DataTable
        label={t('rooms.runs')}
        rows={runs}
        rowKey={(run) => run.id}
        href={(run) => `/runs/${run.id}`}
        columns={columns}
      />
    </div>
  );
}
