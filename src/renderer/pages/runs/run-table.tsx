import { Checkbox } from '@mantine/core';
import { type KeyboardEvent, type ReactNode, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { Ago } from '../../components/time.tsx';
import { type TableSort, type VirtualColumn, VirtualTable } from '../../components/virtual-table.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import { Gain } from './gain.tsx';
import { inTableOrder, type RunColumn } from './run-columns.ts';
import { orderKey } from './run-query.ts';
import { RunStatusBadge } from './run-status.tsx';
import classes from './runs.module.css';
import type { RunWindows } from './use-run-windows.ts';
import { metricLabel, verdictOf } from './verdict.ts';

export interface RunTableProps {
  readonly windows: RunWindows;
  readonly columns: readonly RunColumn[];
  readonly sort: TableSort;
  readonly onSort: (sort: TableSort) => void;
  readonly within: (href: string) => string;
  readonly selected: string | null;
  readonly brief: boolean;
  readonly chosen: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
  readonly onCompare: () => void;
}

type ColumnParts = Omit<VirtualColumn<Run>, 'id' | 'sortable'>;

export const runDurationMs = (run: Run): number | null =>
  run.endedAt === null ? null : Date.parse(run.endedAt) - Date.parse(run.startedAt);

/** The runs; X chooses the row under the focus, C compares what was chosen. */
export function RunTable(props: RunTableProps) {
  const { windows, sort, onSort, within, selected, chosen, onToggle, onCompare } = props;
  const { t } = useTranslation();
  const columns = useRunColumns(props.columns, props.brief);
  const withChoice = useMemo<readonly VirtualColumn<Run>[]>(
    () => [
      {
        id: 'choose',
        header: '',
        width: '30px',
        sortable: false,
        cell: (run) => (
          <Checkbox
            size="xs"
            tabIndex={-1}
            aria-label={t('runs.select', { name: run.name })}
            checked={chosen.has(run.id)}
            onClick={(event) => event.stopPropagation()}
            onChange={() => onToggle(run.id)}
          />
        ),
      },
      ...columns,
    ],
    [columns, chosen, onToggle, t],
  );
  const onKeyDown = (event: KeyboardEvent<HTMLDivElement>): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    if (key === 'c') onCompare();
    if (key !== 'x' || !(event.target instanceof HTMLElement)) return;
    event.target.closest('[role=row]')?.querySelector<HTMLInputElement>('input[type=checkbox]')?.click();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: hears keys of the rows within, and is nothing itself
    <div className={classes.table} onKeyDown={onKeyDown}>
      <VirtualTable
        label={t('rooms.runs')}
        columns={withChoice}
        total={windows.total ?? 0}
        rowAt={windows.rowAt}
        rowKey={(run) => run.id}
        href={(run) => within(`/runs/${run.id}`)}
        selectedKey={selected}
        sort={sort}
        onSort={onSort}
        onView={windows.onView}
        listKey={windows.listKey}
      />
    </div>
  );
}

/** Status, name, and what was chosen; beside an open run only the first metric. */
function useRunColumns(chosen: readonly RunColumn[], brief: boolean): readonly VirtualColumn<Run>[] {
  const { t } = useTranslation();
  const format = useFormat();
  return useMemo(() => {
    const text = (header: string, of: (run: Run) => string | undefined): ColumnParts => ({
      header,
      width: 'minmax(90px, 0.8fr)',
      cell: (run) => {
        const shown = of(run);
        return shown === undefined ? '–' : <bdi title={shown}>{shown}</bdi>;
      },
    });
    const figure = (header: string, cell: (run: Run) => ReactNode): ColumnParts => ({
      header,
      width: 'minmax(80px, 0.6fr)',
      align: 'end',
      cell,
    });
    const parts: Readonly<Record<string, (name: string) => ColumnParts>> = {
      status: () => ({
        header: t('runs.status'),
        width: brief ? '92px' : '104px',
        cell: (run) => <RunStatusBadge status={run.status} plain />,
      }),
      name: () => ({
        header: t('runs.name'),
        width: 'minmax(110px, 1.6fr)',
        cell: (run) => <bdi className={classes.name}>{run.name}</bdi>,
      }),
      experiment: () => ({
        header: t('runs.experiment'),
        width: 'minmax(90px, 1fr)',
        cell: (run) => <Code>{run.experiment}</Code>,
      }),
      metric: (name) =>
        figure(metricLabel(name), (run) =>
          run.metrics[name] === undefined ? '–' : format.fixed(run.metrics[name], 4),
        ),
      param: (name) => text(name, (run) => run.params[name]),
      tag: (name) => text(name, (run) => run.tags[name]),
      gain: () =>
        figure(t('runs.versusBaseline'), (run) => <Gain gain={verdictOf(run.metrics)?.gain ?? null} />),
      started: () => ({
        header: t('runs.started'),
        width: 'minmax(100px, 0.7fr)',
        cell: (run) => <Ago at={run.startedAt} />,
      }),
      duration: () =>
        figure(t('runs.duration'), (run) => {
          const duration = runDurationMs(run);
          return duration === null ? '–' : format.duration(duration);
        }),
    };
    const ordered = inTableOrder(chosen);
    const shown = brief ? ordered.filter((column) => column.startsWith('metric.')).slice(0, 1) : ordered;
    return ['status', 'name', ...shown].flatMap((id) => {
      const [, kind, name] = /^(\w+)(?:\.(.*))?$/s.exec(id) ?? [];
      const part = kind === undefined ? undefined : parts[kind];
      return part === undefined ? [] : { id, sortable: orderKey(id) !== null, ...part(name ?? '') };
    });
  }, [t, format, brief, chosen]);
}
