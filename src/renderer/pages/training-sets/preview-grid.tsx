import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { CheckedFeature, SetCheck } from '../../../shared/contract/types.ts';
import type { ColumnSchema } from '../../../shared/table/column.ts';
import { cx } from '../../components/cx.ts';
import { Loaded } from '../../components/loaded.tsx';
import { RowGrid } from '../../components/row-grid.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './training-sets.module.css';

const HEAD_HEIGHT = 58;
const ignoreView = (): void => undefined;

export interface PreviewGridProps {
  readonly job: string;
  readonly check: SetCheck;
  readonly eventTime: string;
  readonly label: string;
}

/** The first rows; above each feature what is missing and what had expired, over all rows. */
export function PreviewGrid({ job, check, eventTime, label }: PreviewGridProps) {
  const { t } = useTranslation();
  const preview = useQuery('features', 'checkedRows', { job });
  const features = useMemo(
    () => new Map(check.features.map((feature) => [feature.name, feature])),
    [check.features],
  );
  const warned = useMemo(
    () =>
      new Set(
        check.warnings.flatMap((warning) =>
          warning.severity === 'leak' && 'columns' in warning ? warning.columns : [],
        ),
      ),
    [check.warnings],
  );
  return (
    <Loaded query={preview}>
      {({ columns, rows }) => (
        <RowGrid
          label={t('trainingSets.preview')}
          columns={columns}
          totalRows={rows.length}
          row={(index) => rows[index]}
          onView={ignoreView}
          headerHeight={HEAD_HEIGHT}
          header={(column) => (
            <Head
              column={column}
              feature={features.get(column.name)}
              rows={check.rows}
              role={column.name === eventTime ? 'time' : column.name === label ? 'label' : 'given'}
              isWarned={warned.has(column.name)}
            />
          )}
        />
      )}
    </Loaded>
  );
}

interface HeadProps {
  readonly column: ColumnSchema;
  /** Absent for a column that came with the rows. */
  readonly feature: CheckedFeature | undefined;
  readonly rows: number;
  readonly role: 'time' | 'label' | 'given';
  readonly isWarned: boolean;
}

function Head({ column, feature, rows, role, isWarned }: HeadProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const of = Math.max(1, rows);
  const missing = feature === undefined ? 0 : (feature.nulls - feature.expired) / of;
  const expired = feature === undefined ? 0 : feature.expired / of;
  const text =
    feature === undefined
      ? t(`trainingSets.roles.${role}`)
      : feature.expired === 0
        ? t('trainingSets.nulls', { share: format.percent(feature.nulls / of, 1) })
        : t('trainingSets.nullsExpired', {
            share: format.percent(feature.nulls / of, 1),
            expired: format.percent(expired, 1),
          });
  return (
    <div className={classes.head} title={`${column.name}: ${column.type}`}>
      <span className={cx(classes.headName, isWarned && classes.warned)}>{column.name}</span>
      <span className={classes.headNote} dir="auto">
        {text}
      </span>
      <span className={classes.nullBar} aria-hidden>
        <span data-part="expired" style={{ inlineSize: `${String(expired * 100)}%` }} />
        <span data-part="missing" style={{ inlineSize: `${String(missing * 100)}%` }} />
      </span>
    </div>
  );
}
