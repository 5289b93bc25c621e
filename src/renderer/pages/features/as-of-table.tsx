import { useMemo, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { AsOfResult } from '../../../shared/contract/types.ts';
import type { ColumnSchema } from '../../../shared/table/column.ts';
import { CellValue } from '../../components/cell-value.tsx';
import { Code } from '../../components/code.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { DateTime } from '../../components/time.tsx';
import classes from './as-of.module.css';
import { STATUS_TONES } from './status-tones.ts';

type AsOfRow = AsOfResult['rows'][number];

const keyText = ({ keys }: AsOfRow): string => JSON.stringify(keys);

export interface AsOfTableProps {
  readonly name: string;
  readonly answer: AsOfResult;
}

/** One line an entity: its features with their status, and when the row in force happened. What has just changed is marked. */
export function AsOfTable({ name, answer }: AsOfTableProps) {
  const { t } = useTranslation();
  const before = useValuesBefore(answer);
  const columns = useMemo<readonly TableColumn<AsOfRow>[]>(
    () => [
      ...answer.keys.map(
        (key): TableColumn<AsOfRow> => ({
          id: `key ${key.name}`,
          header: key.name,
          width: 'minmax(110px, 1fr)',
          value: ({ keys }) => String(keys[key.name] ?? ''),
          cell: ({ keys }) => (
            <strong>
              <Code>
                <CellValue type={key.type} value={keys[key.name] ?? null} />
              </Code>
            </strong>
          ),
        }),
      ),
      ...answer.features.map(
        (feature, place): TableColumn<AsOfRow> => ({
          id: feature.name,
          header: feature.name,
          width: 'minmax(130px, 1fr)',
          align: isFigure(feature) ? 'end' : 'start',
          value: ({ values }) => sortable(values[place] ?? null),
          cell: (row) => (
            <FeatureValue row={row} feature={feature} place={place} before={before.get(keyText(row))} />
          ),
        }),
      ),
      {
        id: 'event time',
        header: t('data.eventTime'),
        width: 'minmax(170px, 1fr)',
        value: ({ eventTime }) => eventTime,
        cell: ({ eventTime }) => (eventTime === null ? '–' : <DateTime at={eventTime} />),
      },
    ],
    [t, answer.keys, answer.features, before],
  );
  return (
    <DataTable
      label={t('features.sampleOf', { name })}
      columns={columns}
      rows={answer.rows}
      rowKey={keyText}
    />
  );
}

const isFigure = ({ type }: ColumnSchema): boolean => type === 'float64' || type === 'int64';

const sortable = (value: string | number | boolean | null): string | number | null =>
  typeof value === 'boolean' ? String(value) : value;

interface FeatureValueProps {
  readonly row: AsOfRow;
  readonly feature: ColumnSchema;
  readonly place: number;
  readonly before: AsOfRow | undefined;
}

function FeatureValue({ row, feature, place, before }: FeatureValueProps) {
  const { t } = useTranslation();
  const status = row.status[place] ?? 'NOT_FOUND';
  const value = row.values[place] ?? null;
  const changed =
    before !== undefined &&
    ((before.values[place] ?? null) !== value || (before.status[place] ?? 'NOT_FOUND') !== status);
  // A count over no rows has a value even where there is no row in force.
  const word = (
    <StatusBadge tone={STATUS_TONES[status]} plain>
      {t(`features.online.statuses.${status}`)}
    </StatusBadge>
  );
  return (
    <span className={classes.value} data-changed={changed ? true : undefined}>
      {value === null ? null : (
        <bdi dir="auto">
          <CellValue type={feature.type} value={value} />
        </bdi>
      )}
      {status === 'PRESENT' ? null : word}
    </span>
  );
}

/** The entities as the answer before this one had them. */
function useValuesBefore(answer: AsOfResult): ReadonlyMap<string, AsOfRow> {
  const answers = useRef<readonly [AsOfResult, AsOfResult | null]>([answer, null]);
  if (answers.current[0] !== answer) answers.current = [answer, answers.current[0]];
  const [, before] = answers.current;
  return useMemo(() => new Map(before?.rows.map((row) => [keyText(row), row])), [before]);
}
