import { Button } from '@mantine/core';
import { IconHistory } from '@tabler/icons-react';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ColumnHistory as HistoryEntry } from '../../../shared/contract/types.ts';
import type { ColumnSchema } from '../../../shared/table/column.ts';
import { CellValue } from '../../components/cell-value.tsx';
import { Code } from '../../components/code.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { ScrollRegion } from '../../components/scroll-region.tsx';
import { DateTime } from '../../components/time.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './data.module.css';

export interface ColumnHistoryProps {
  readonly dataset: string;
  readonly column: ColumnSchema;
}

/** How a column's statistics went from version to version; asked for only when a person wants to see it. */
export function ColumnHistory({ dataset, column }: ColumnHistoryProps) {
  return (
    <FoldedHistory>
      <HistoryOfColumn dataset={dataset} column={column} />
    </FoldedHistory>
  );
}

/** A history behind a button. */
export function FoldedHistory({ children }: { readonly children: ReactNode }) {
  const { t } = useTranslation();
  const [opened, setOpened] = useState(false);
  return (
    <div className={classes.history}>
      <Button
        variant="default"
        leftSection={<IconHistory size={14} />}
        aria-expanded={opened}
        onClick={() => setOpened(!opened)}
      >
        {t('data.overTime')}
      </Button>
      {opened ? children : null}
    </div>
  );
}

function HistoryOfColumn({ dataset, column }: ColumnHistoryProps) {
  const { t } = useTranslation();
  const query = useQuery('data', 'profiles', { name: dataset, column: column.name });
  return (
    <Loaded query={query} lines={2}>
      {(versions) => (
        <HistoryTable column={column} entries={versions.toReversed()} when={t('data.imported')} />
      )}
    </Loaded>
  );
}

export type HistoryOf = Omit<HistoryEntry, 'version'> & { readonly version: number | null };

export interface HistoryTableProps {
  readonly column: ColumnSchema;
  /** Newest first. */
  readonly entries: readonly HistoryOf[];
  /** Heads the column of times. */
  readonly when: string;
}

/** A column's statistics at one time below the other. */
export function HistoryTable({ column, entries, when }: HistoryTableProps) {
  const { t } = useTranslation();
  return (
    <ScrollRegion label={t('data.overTimeOf', { name: column.name })} className={classes.historyScroll}>
      <table className={classes.historyTable}>
        <thead>
          <tr>
            <th scope="col">{t('data.version')}</th>
            <th scope="col">{when}</th>
            <th scope="col">{t('data.rows')}</th>
            <th scope="col">{t('data.nulls')}</th>
            <th scope="col">{t('data.distinct')}</th>
            <th scope="col">{t('data.least')}</th>
            <th scope="col">{t('data.mean')}</th>
            <th scope="col">{t('data.greatest')}</th>
          </tr>
        </thead>
        <tbody>
          {entries.map((entry) => (
            <HistoryRow key={entry.importedAt} entry={entry} type={column.type} />
          ))}
        </tbody>
      </table>
    </ScrollRegion>
  );
}

function HistoryRow({ entry, type }: { readonly entry: HistoryOf; readonly type: ColumnSchema['type'] }) {
  const format = useFormat();
  const empty = entry.rows === 0 ? 0 : entry.nulls / entry.rows;
  return (
    <tr>
      <th scope="row">{entry.version === null ? '–' : <Code>v{entry.version}</Code>}</th>
      <td>
        <DateTime at={entry.importedAt} />
      </td>
      <td>{format.integer(entry.rows)}</td>
      <td>{format.percent(empty, 1)}</td>
      <td>{entry.distinct === null ? '–' : format.integer(entry.distinct)}</td>
      <td>
        <CellValue type={type} value={entry.min} />
      </td>
      <td>{entry.mean === null ? '–' : format.number(entry.mean, 5)}</td>
      <td>
        <CellValue type={type} value={entry.max} />
      </td>
    </tr>
  );
}
