import { Button } from '@mantine/core';
import { IconEye } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { PeekedTable } from '../../../shared/contract/types.ts';
import { CellValue } from '../../components/cell-value.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { ScrollRegion } from '../../components/scroll-region.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './source-peek.module.css';
import { TypeIcon } from './type-icon.tsx';
import type { Peek } from './use-peek.ts';

/** Enough to recognise a column by its values. */
const SHOWN_ROWS = 5;
/** The table is drawn cell by cell. */
const MOST_COLUMNS = 60;

/** What is about to be imported, before it is: columns, types and first rows. */
export function SourcePeek({ peek }: { readonly peek: Peek }) {
  const { t } = useTranslation();
  const { table, error, busy, ask } = peek;
  return (
    <>
      {ask === null || table !== null ? null : (
        <div>
          <Button variant="default" leftSection={<IconEye size={14} />} loading={busy} onClick={ask}>
            {t('data.peek')}
          </Button>
        </div>
      )}
      {/* A path that is still being typed is no fault to make much of. */}
      {error === null ? null : ask === null ? (
        <p className={classes.hint} role="status">
          {error.message}
        </p>
      ) : (
        <ErrorPanel error={error} />
      )}
      {table === null ? null : <FirstRows table={table} />}
    </>
  );
}

function FirstRows({ table }: { readonly table: PeekedTable }) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns = table.columns.slice(0, MOST_COLUMNS);
  const hidden = table.columns.length - columns.length;
  return (
    <div>
      <ScrollRegion label={t('data.firstRows')} className={classes.rows} dir="ltr">
        <table>
          <thead>
            <tr>
              {columns.map(({ name, type }) => (
                <th key={name} scope="col">
                  <TypeIcon type={type} /> <bdi>{name}</bdi>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.slice(0, SHOWN_ROWS).map((row, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a row is its place
              <tr key={at}>
                {columns.map(({ name, type }, column) => (
                  <td key={name}>
                    <CellValue type={type} value={row[column] ?? null} />
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </ScrollRegion>
      <p className={classes.hint}>
        {t('data.peekedColumns', {
          count: table.columns.length,
          found: format.integer(table.columns.length),
        })}
        {hidden > 0 ? ` ${t('data.hiddenColumns', { columns: format.integer(hidden) })}` : ''}
      </p>
    </div>
  );
}
