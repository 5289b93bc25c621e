import { Checkbox } from '@mantine/core';
import { type KeyboardEvent, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Run } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { Ago } from '../../components/time.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import { Gain } from './gain.tsx';
import { RunStatusBadge } from './run-status.tsx';
import classes from './runs.module.css';
import { judgingMetrics, metricLabel, verdictOf } from './verdict.ts';

export interface RunTableProps {
  readonly runs: readonly Run[];
  readonly selected: string | null;
  readonly brief: boolean;
  readonly chosen: ReadonlySet<string>;
  readonly onToggle: (id: string) => void;
  readonly onCompare: () => void;
}

const SHOWN_METRICS = 3;

export const runDurationMs = (run: Run): number | null =>
  run.endedAt === null ? null : Date.parse(run.endedAt) - Date.parse(run.startedAt);

/** The runs; X chooses the row under the focus, C compares what was chosen. */
export function RunTable({ runs, selected, brief, chosen, onToggle, onCompare }: RunTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const metricNames = useMemo(() => commonMetrics(runs).join('\n'), [runs]);
  const columns = useMemo<readonly TableColumn<Run>[]>(() => {
    const metrics = metricNames === '' ? [] : metricNames.split('\n');
    const choose: TableColumn<Run> = {
      id: 'choose',
      header: '',
      width: '30px',
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
    };
    const status: TableColumn<Run> = {
      id: 'status',
      header: t('runs.status'),
      width: brief ? '92px' : '104px',
      value: (run) => run.status,
      cell: (run) => <RunStatusBadge status={run.status} plain />,
    };
    const name: TableColumn<Run> = {
      id: 'name',
      header: t('runs.name'),
      width: 'minmax(110px, 1.6fr)',
      value: (run) => run.name,
      cell: (run) => <bdi className={classes.name}>{run.name}</bdi>,
    };
    const metric = (id: string): TableColumn<Run> => ({
      id: `metric.${id}`,
      header: metricLabel(id),
      width: 'minmax(70px, 0.6fr)',
      align: 'end',
      value: (run) => run.metrics[id] ?? null,
      cell: (run) => (run.metrics[id] === undefined ? '–' : format.fixed(run.metrics[id], 4)),
    });
    const started: TableColumn<Run> = {
      id: 'started',
      header: t('runs.started'),
      width: 'minmax(100px, 0.7fr)',
      value: (run) => run.startedAt,
      cell: (run) => (
        <span className={classes.started}>
          <Ago at={run.startedAt} />
        </span>
      ),
    };
    if (brief) return [choose, status, name, ...metrics.slice(0, 1).map(metric)];
    return [
      choose,
      status,
      name,
      {
        id: 'experiment',
        header: t('runs.experiment'),
        width: 'minmax(90px, 1fr)',
        value: (run) => run.experiment,
        cell: (run) => <Code>{run.experiment}</Code>,
      },
      ...metrics.map(metric),
      {
        id: 'gain',
        header: t('runs.versusBaseline'),
        width: 'minmax(92px, 0.6fr)',
        align: 'end',
        value: (run) => verdictOf(run.metrics)?.gain ?? null,
        cell: (run) => <Gain gain={verdictOf(run.metrics)?.gain ?? null} />,
      },
      started,
      {
        id: 'duration',
        header: t('runs.duration'),
        width: 'minmax(80px, 0.6fr)',
        align: 'end',
        value: runDurationMs,
        cell: (run) => {
          const duration = runDurationMs(run);
          return duration === null ? '–' : format.duration(duration);
        },
      },
    ];
  }, [t, format, brief, chosen, onToggle, metricNames]);
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
      <DataTable
        label={t('rooms.runs')}
        columns={columns}
        rows={runs}
        rowKey={(run) => run.id}
        href={(run) => `/runs/${run.id}`}
        selectedKey={selected}
        defaultSort={{ id: 'started', descending: true }}
      />
    </div>
  );
}

/** The judging metrics that most runs have, most telling first. */
function commonMetrics(runs: readonly Run[]): string[] {
  const together = Object.assign({}, ...runs.map(({ metrics }) => metrics)) as Record<string, number>;
  return judgingMetrics(together)
    .filter((metric) => runs.filter((run) => run.metrics[metric] !== undefined).length * 3 >= runs.length)
    .slice(0, SHOWN_METRICS);
}
