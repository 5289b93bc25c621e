import { useDebouncedValue } from '@mantine/hooks';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Dataset } from '../../../shared/contract/types.ts';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { RowGrid } from '../../components/row-grid.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { ColumnHead } from './column-head.tsx';
import classes from './data.module.css';

const PAGE = 200;

/** All rows, a page at a time; under each name its type, its gaps and its shape. */
export function DatasetRows({ dataset }: { readonly dataset: Dataset }) {
  const { t } = useTranslation();
  const { name, version } = dataset;
  const [view, setView] = useState({ first: 0, last: 0 });
  const [asked] = useDebouncedValue(view, 50);
  const firstPage = Math.floor(asked.first / PAGE);
  const lastPage = Math.floor(asked.last / PAGE);
  const before = useQuery('data', 'preview', { name, offset: firstPage * PAGE, limit: PAGE });
  const after = useQuery(
    'data',
    'preview',
    { name, offset: lastPage * PAGE, limit: PAGE },
    { enabled: lastPage !== firstPage },
  );
  const profile = useQuery('data', 'profile', { name });
  const profiles = useMemo(
    () => new Map((profile.data ?? []).map((column) => [column.name, column])),
    [profile.data],
  );
  const onView = useCallback(
    (first: number, count: number) => setView({ first, last: first + Math.max(0, count - 1) }),
    [],
  );
  const row = (index: number) => {
    const page = Math.floor(index / PAGE);
    const answer = page === firstPage ? before.data : page === lastPage ? after.data : undefined;
    return answer?.rows[index - page * PAGE];
  };
  const error = before.error ?? after.error;
  if (error !== undefined && before.data === undefined) {
    return (
      <div className={classes.pad}>
        <ErrorPanel error={error} onRetry={before.refresh} />
      </div>
    );
  }
  return (
    <RowGrid
      key={version}
      label={t('data.rowsOf', { name })}
      columns={dataset.columns}
      totalRows={dataset.rows}
      row={row}
      onView={onView}
      headerHeight={88}
      header={(column) => (
        <ColumnHead
          column={column}
          profile={profiles.get(column.name)}
          loading={profile.loading}
          href={`/data/${name}/columns#${column.name}`}
        />
      )}
    />
  );
}
