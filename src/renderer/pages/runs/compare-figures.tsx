import { ActionIcon, Switch } from '@mantine/core';
import { IconX } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Run } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { ColumnChooser } from '../../components/column-chooser.tsx';
import { usePreference, usePreferencesStore } from '../../i18n/preferences-context.tsx';
import classes from './compare.module.css';
import { type CompareRow, dataRows, metricRows, paramRows, placesBy, tagRows } from './compare-rows.ts';
import { CompareTable } from './compare-table.tsx';
import { judgingMetrics } from './verdict.ts';

export interface CompareFiguresProps {
  readonly runs: readonly Run[];
  /** The row whose values the runs are in the order of; null for the order they were chosen in. */
  readonly sortedBy: string | null;
  readonly onSort: (key: string | null) => void;
  readonly onDrop: (id: string) => void;
}

/** Metrics, parameters, data and tags side by side: all of them, or what differs and was not put away. */
export function CompareFigures({ runs, sortedBy, onSort, onDrop }: CompareFiguresProps) {
  const { t } = useTranslation();
  const [onlyDifferences, setOnlyDifferences] = useState(true);
  const preferences = usePreferencesStore();
  const hidden = usePreference('compareHidden');
  const sections = useMemo(() => {
    const together = Object.assign({}, ...runs.map(({ metrics }) => metrics)) as Record<string, number>;
    return [
      { title: t('runs.metrics'), rows: metricRows(runs, judgingMetrics(together)) },
      { title: t('runs.params'), rows: paramRows(runs) },
      { title: t('runs.data'), rows: dataRows(runs) },
      { title: t('runs.tags'), rows: tagRows(runs) },
    ].filter(({ rows }) => rows.length > 0);
  }, [runs, t]);
  const shown = useMemo(() => {
    const away = new Set(hidden);
    const keep = ({ key, differs }: CompareRow): boolean =>
      !away.has(key) && (!onlyDifferences || runs.length === 1 || differs);
    return sections.map(({ title, rows }) => ({ title, rows: rows.filter(keep) }));
  }, [sections, hidden, onlyDifferences, runs.length]);
  const places = useMemo(() => {
    const row = shown.flatMap(({ rows }) => rows).find(({ key }) => key === sortedBy);
    return row === undefined ? runs.map((_, place) => place) : placesBy(row);
  }, [shown, sortedBy, runs]);
  const inOrder = places.map((place) => ({ run: runs[place]!, place }));
  const keys = sections.flatMap(({ rows }) => rows.map(({ key }) => key));
  return (
    <>
      <div className={classes.controls}>
        <Switch
          label={t('runs.onlyDifferences')}
          checked={onlyDifferences}
          onChange={(event) => setOnlyDifferences(event.currentTarget.checked)}
        />
        <ColumnChooser
          label={t('runs.rows')}
          groups={sections.map(({ title, rows }) => ({
            title,
            options: rows.map(({ key, name }) => ({ key, label: name })),
          }))}
          chosen={new Set(keys.filter((key) => !hidden.includes(key)))}
          onChange={(chosen) =>
            preferences.setState({
              // What these runs do not have stays as it was.
              compareHidden: [
                ...hidden.filter((key) => !keys.includes(key)),
                ...keys.filter((key) => !chosen.has(key)),
              ],
            })
          }
          onReset={hidden.length === 0 ? undefined : () => preferences.setState({ compareHidden: [] })}
        />
      </div>
      <CompareTable
        heads={inOrder.map(({ run, place }) => (
          <span key={run.id} className={classes.compareHead}>
            <i style={{ background: `var(--series-${String((place % 8) + 1)})` }} />
            <Link href={`/runs/${run.id}`} className={classes.link}>
              <bdi>{run.name}</bdi>
            </Link>
            <Code>{run.id.slice(0, 8)}</Code>
            <ActionIcon
              size={24}
              aria-label={t('runs.drop', { name: run.name })}
              onClick={() => onDrop(run.id)}
            >
              <IconX size={12} />
            </ActionIcon>
          </span>
        ))}
        keys={inOrder.map(({ run }) => run.id)}
        places={places}
        sections={shown}
        sortedBy={sortedBy}
        onSort={(key) => onSort(key === sortedBy ? null : key)}
      />
    </>
  );
}
