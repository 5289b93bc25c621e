import { UnstyledButton } from '@mantine/core';
import { IconArrowDown, IconArrowsSort, IconArrowUp, IconTrophy } from '@tabler/icons-react';
import { Fragment, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Code } from '../../components/code.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './compare.module.css';
import type { CompareCell, CompareRow } from './compare-rows.ts';
import { metricLabel } from './verdict.ts';

export interface CompareTableProps {
  readonly heads: readonly ReactNode[];
  readonly keys: readonly string[];
  /** Which cell of a row stands where. */
  readonly places: readonly number[];
  /** The row whose values the runs are in the order of; null for the order they were chosen in. */
  readonly sortedBy: string | null;
  readonly onSort: (key: string) => void;
  readonly sections: readonly { readonly title: string; readonly rows: readonly CompareRow[] }[];
}

/** Runs as columns; a metric's cell is the more coloured the better it is within its row. */
export function CompareTable({ heads, keys, places, sortedBy, onSort, sections }: CompareTableProps) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keys
    <section className={classes.compareBox} tabIndex={0} aria-label={t('runs.compare')}>
      <table className={classes.compareTable}>
        <thead>
          <tr>
            <td />
            {heads.map((head, place) => (
              <th key={keys[place]} scope="col">
                {head}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {sections.map(({ title, rows }) => (
            <Fragment key={title}>
              <tr className={classes.section}>
                <th scope="rowgroup" colSpan={heads.length + 1}>
                  <h2>{title}</h2>
                </th>
              </tr>
              {rows.length === 0 ? (
                <tr>
                  <td colSpan={heads.length + 1} className={classes.same}>
                    {t('runs.noDifferences')}
                  </td>
                </tr>
              ) : null}
              {rows.map((row) => (
                <tr key={row.key}>
                  <th
                    scope="row"
                    aria-sort={
                      row.key !== sortedBy ? 'none' : row.better === 'higher' ? 'descending' : 'ascending'
                    }
                  >
                    <UnstyledButton
                      className={classes.rowName ?? ''}
                      title={t(row.key === sortedBy ? 'runs.chosenOrder' : 'runs.sortRuns')}
                      onClick={() => onSort(row.key)}
                    >
                      <Code>{metricLabel(row.name)}</Code>
                      {row.better === null ? null : <Direction better={row.better} />}
                      {row.key === sortedBy ? <IconArrowsSort size={12} aria-hidden /> : null}
                    </UnstyledButton>
                  </th>
                  {places.map((place, at) => (
                    <Cell key={keys[at]} cell={row.cells[place]!} />
                  ))}
                </tr>
              ))}
            </Fragment>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Direction({ better }: { readonly better: 'higher' | 'lower' }) {
  const { t } = useTranslation();
  const label = t(better === 'higher' ? 'runs.higherIsBetter' : 'runs.lowerIsBetter');
  const Icon = better === 'higher' ? IconArrowUp : IconArrowDown;
  return <Icon size={12} className={classes.direction ?? ''} aria-label={label} role="img" />;
}

function Cell({ cell }: { readonly cell: CompareCell }) {
  const format = useFormat();
  const { t } = useTranslation();
  const text =
    cell.text ??
    (cell.value === null
      ? '–'
      : Number.isInteger(cell.value) || Math.abs(cell.value) < 1e-3
        ? format.number(cell.value, 4)
        : format.fixed(cell.value, 4));
  return (
    <td
      data-best={cell.rank === 1 ? true : undefined}
      style={
        cell.rank === null
          ? undefined
          : {
              background: `color-mix(in srgb, var(--accent) ${String(Math.round(cell.rank * 26))}%, transparent)`,
            }
      }
    >
      {cell.rank === 1 ? (
        <IconTrophy size={12} className={classes.best ?? ''} aria-label={t('runs.best')} role="img" />
      ) : null}
      <bdi title={cell.text ?? undefined}>{text}</bdi>
    </td>
  );
}
