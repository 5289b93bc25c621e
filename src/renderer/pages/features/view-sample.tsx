import { useTranslation } from 'react-i18next';
import { Loaded } from '../../components/loaded.tsx';
import { RowGrid } from '../../components/row-grid.tsx';
import { useQuery } from '../../engine/use-query.ts';
import classes from './features.module.css';

const ROWS = 100;
const ignoreView = (): void => undefined;

/** A few entities with their features, as known at the times of the newest source rows. */
export function ViewSample({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  const sample = useQuery('features', 'sample', { name, limit: ROWS });
  return (
    <Loaded query={sample}>
      {({ columns, rows }) => (
        <RowGrid
          label={t('features.sampleOf', { name })}
          columns={columns}
          totalRows={rows.length}
          row={(index) => rows[index]}
          onView={ignoreView}
          headerHeight={30}
          header={(column) => (
            <span className={classes.columnHead} title={`${column.name}: ${column.type}`}>
              {column.name.startsWith(`${name}__`) ? column.name.slice(name.length + 2) : column.name}
            </span>
          )}
        />
      )}
    </Loaded>
  );
}
