import { Tooltip } from '@mantine/core';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { DriftColumn } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import type { Format } from '../../i18n/format.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './drift.module.css';
import { driftRatio } from './drift-order.ts';

export interface ColumnTableProps {
  readonly columns: readonly DriftColumn[];
  readonly selected: string | null;
  readonly onSelect: (name: string) => void;
}

const chance = (format: Format, value: number): string =>
  value === 0 ? '0' : value < 1e-4 ? '< 0.0001' : format.fixed(value, 4);

/** Every column that was compared, the worst on top; the bar's mark is the threshold. */
export function ColumnTable({ columns, selected, onSelect }: ColumnTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const top = Math.max(1.25, ...columns.map(driftRatio));
  const definitions = useMemo<readonly TableColumn<DriftColumn>[]>(
    () => [
      {
        id: 'column',
        header: t('drift.column'),
        width: 'minmax(110px, 1.6fr)',
        value: ({ name }) => name,
        cell: ({ name }) => <Code>{name}</Code>,
      },
      {
        id: 'result',
        header: t('drift.result'),
        width: '88px',
        value: ({ drift }) => (drift ? 0 : 1),
        cell: ({ drift }) => (
          <StatusBadge tone={drift ? 'attention' : 'good'} plain>
            {drift ? t('drift.found') : t('drift.quiet')}
          </StatusBadge>
        ),
      },
      {
        id: 'ratio',
        header: t('drift.ratio'),
        width: 'minmax(150px, 2fr)',
        value: driftRatio,
        cell: (column) => <RatioBar column={column} top={top} />,
      },
      {
        id: 'score',
        header: t('drift.score'),
        width: 'minmax(66px, 0.6fr)',
        align: 'end',
        value: ({ score }) => score,
        cell: ({ score, threshold }) => (
          <span title={`${t('drift.threshold')} ${format.number(threshold, 4)}`}>
            {format.number(score, 3)}
          </span>
        ),
      },
      {
        id: 'p',
        header: t('drift.pValue'),
        width: 'minmax(66px, 0.5fr)',
        align: 'end',
        value: ({ pValue }) => pValue,
        cell: ({ pValue }) => (
          <Tooltip label={t('drift.pHint')}>
            <bdi dir="ltr">{chance(format, pValue)}</bdi>
          </Tooltip>
        ),
      },
      {
        id: 'q',
        header: t('drift.qValue'),
        width: 'minmax(66px, 0.5fr)',
        align: 'end',
        value: ({ qValue }) => qValue,
        cell: ({ qValue }) => (
          <Tooltip label={t('drift.qHint')}>
            <bdi dir="ltr">{chance(format, qValue)}</bdi>
          </Tooltip>
        ),
      },
      {
        id: 'missing',
        header: t('drift.missing'),
        width: 'minmax(108px, 0.7fr)',
        align: 'end',
        value: ({ missing }) => missing.current,
        cell: ({ missing }) => (
          <bdi dir="ltr" title={`${t('drift.missingThen')} → ${t('drift.missingNow')}`}>
            <span className={classes.faint}>{format.percent(missing.reference, 1)} → </span>
            {format.percent(missing.current, 1)}
          </bdi>
        ),
      },
      {
        id: 'test',
        header: t('drift.test'),
        width: 'minmax(142px, 0.9fr)',
        value: ({ test }) => test,
        cell: ({ test }) => t(`drift.tests.${test}`),
      },
    ],
    [t, format, top],
  );
  return (
    <div className={classes.columns}>
      <DataTable
        label={t('drift.columns')}
        columns={definitions}
        rows={columns}
        rowKey={({ name }) => name}
        onOpen={({ name }) => onSelect(name)}
        selectedKey={selected}
      />
    </div>
  );
}

/** A square-root scale, so that a column just over its threshold is seen beside one far beyond it. */
function RatioBar({ column, top }: { readonly column: DriftColumn; readonly top: number }) {
  const { t } = useTranslation();
  const format = useFormat();
  const ratio = driftRatio(column);
  const at = (value: number): string => `${100 * Math.sqrt(Math.max(0, value) / top)}%`;
  return (
    <span className={classes.ratio}>
      <span className={classes.ratioTrack} dir="ltr">
        <span className={classes.ratioBar} data-drift={column.drift} style={{ width: at(ratio) }} />
        <i style={{ left: at(1) }} />
      </span>
      <span className={classes.ratioValue} dir="ltr">
        {t('drift.times', { times: format.number(ratio, 3) })}
      </span>
    </span>
  );
}
