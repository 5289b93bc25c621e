import { ActionIcon, Tooltip } from '@mantine/core';
import { IconChartLine, IconDownload, IconTable } from '@tabler/icons-react';
import { type ReactNode, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useFormat } from '../i18n/use-format.ts';
import classes from './chart-frame.module.css';
import { type CsvCell, toCsv } from './csv.ts';
import { cx } from './cx.ts';
import { saveText } from './save-text.ts';

export interface ChartTable {
  readonly columns: readonly string[];
  readonly rows: readonly (readonly CsvCell[])[];
}

export interface LegendEntry {
  readonly key: string;
  readonly label: string;
  /** A CSS colour, such as `var(--series-1)`. */
  readonly color: string;
}

export interface ChartFrameProps {
  readonly title: ReactNode;
  /** What the chart says, for people who do not see it. */
  readonly summary: string;
  /** The exact values behind the picture: shown as a table, saved as CSV. */
  readonly table: ChartTable;
  /** Without its ending. */
  readonly fileName: string;
  readonly legend?: readonly LegendEntry[];
  readonly children: ReactNode;
}

const SHOWN_ROWS = 1000;

/** What every chart has around it: its subject, legend, a table of the exact values, and a way to take them along. */
export function ChartFrame({ title, summary, table, fileName, legend = [], children }: ChartFrameProps) {
  const { t } = useTranslation();
  const titleId = useId();
  const [asTable, setAsTable] = useState(false);
  return (
    <figure className={classes.frame} aria-labelledby={titleId}>
      <figcaption className={classes.head}>
        <h3 id={titleId}>{title}</h3>
        <span className={classes.legend} dir="ltr">
          {legend.map(({ key, label, color }) => (
            <span key={key}>
              <i style={{ background: color }} />
              {label}
            </span>
          ))}
        </span>
        <span className={classes.actions}>
          <Tooltip label={asTable ? t('chart.asChart') : t('chart.asTable')}>
            <ActionIcon
              size={24}
              aria-label={asTable ? t('chart.asChart') : t('chart.asTable')}
              onClick={() => setAsTable((before) => !before)}
            >
              {asTable ? <IconChartLine size={14} /> : <IconTable size={14} />}
            </ActionIcon>
          </Tooltip>
          <Tooltip label={t('chart.saveCsv')}>
            <ActionIcon
              size={24}
              aria-label={t('chart.saveCsv')}
              onClick={() => saveText(`${fileName}.csv`, toCsv(table.columns, table.rows), 'text/csv')}
            >
              <IconDownload size={14} />
            </ActionIcon>
          </Tooltip>
        </span>
      </figcaption>
      <p className={classes.summary}>{summary}</p>
      {asTable ? <ValueTable table={table} label={fileName} /> : <div dir="ltr">{children}</div>}
    </figure>
  );
}

function ValueTable({ table, label }: { readonly table: ChartTable; readonly label: string }) {
  const format = useFormat();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keys
    <section className={classes.tableBox} dir="ltr" tabIndex={0} aria-label={label}>
      <table className={classes.table}>
        <thead>
          <tr>
            {table.columns.map((column) => (
              <th key={column} scope="col">
                {column}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.slice(0, SHOWN_ROWS).map((row, place) => (
            <tr key={`${String(row[0])} ${String(place)}`}>
              {row.map((cell, column) => (
                <td
                  key={table.columns[column] ?? column}
                  className={cx(typeof cell === 'string' && classes.text)}
                >
                  {typeof cell === 'number' ? format.number(cell, 6) : (cell ?? '–')}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
