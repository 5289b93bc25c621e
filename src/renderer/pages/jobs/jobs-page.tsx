import { SegmentedControl } from '@mantine/core';
import { IconListCheck } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../../shared/contract/types.ts';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { type ListAddress, useListAddress } from '../../components/list-address.ts';
import { ListToolbar } from '../../components/list-toolbar.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { SplitView } from '../../components/split-view.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { Ago } from '../../components/time.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import { jobKindText, jobStateText, jobTone } from '../../shell/job-presentation.ts';
import { JobDetail } from './job-detail.tsx';
import { groupOf, type JobGroup, PRIORITIES } from './job-order.ts';
import classes from './jobs.module.css';
import { SlotsStrip } from './slots-strip.tsx';
import { useJobs } from './use-jobs.ts';

const GROUPS: readonly JobGroup[] = ['all', 'running', 'waiting', 'ended'];

export interface JobsPageProps {
  readonly params: { readonly id?: string | undefined };
}

export function JobsPage({ params }: JobsPageProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const { query, all, error, more } = useJobs();
  const list = useListAddress();
  const group = GROUPS.find((one) => one === list.get('state')) ?? 'all';
  const isBrief = params.id !== undefined;
  const wanted = list.filter.value.toLowerCase();
  const shown = all.filter(
    (job) =>
      (group === 'all' || groupOf(job) === group || job.id === params.id) &&
      `${job.title} ${jobKindText(t, job.kind)} ${jobStateText(t, job)}`.toLowerCase().includes(wanted),
  );
  return (
    <SplitView
      back={{ href: list.within('/jobs'), label: t('rooms.jobs') }}
      defaultWidth={380}
      list={
        <>
          <ListToolbar
            title={t('rooms.jobs')}
            {...(query.data === undefined ? {} : { count: format.integer(all.length) })}
            filter={list.filter}
          >
            {isBrief && group === 'all' ? null : (
              <SegmentedControl
                aria-label={t('jobs.state')}
                value={group}
                onChange={(value) => list.set({ state: value === 'all' ? null : value })}
                data={GROUPS.map((value) => ({ value, label: t(`jobs.groups.${value}`) }))}
              />
            )}
          </ListToolbar>
          {isBrief ? null : <SlotsStrip />}
          {error === undefined ? null : <ErrorPanel error={error} />}
          <Loaded query={query}>
            {() =>
              all.length === 0 ? (
                <EmptyState
                  icon={IconListCheck}
                  title={t('jobs.emptyTitle')}
                  text={t('jobs.emptyText')}
                  command="falaj jobs ls"
                />
              ) : (
                <JobTable
                  within={list.within}
                  jobs={shown}
                  selected={params.id ?? null}
                  brief={isBrief}
                  onEnd={more}
                />
              )
            }
          </Loaded>
        </>
      }
      detail={params.id === undefined ? null : <JobDetail key={params.id} id={params.id} />}
    />
  );
}

interface JobTableProps {
  readonly within: ListAddress['within'];
  readonly jobs: readonly Job[];
  readonly selected: string | null;
  readonly brief: boolean;
  readonly onEnd: () => void;
}

function JobTable({ within, jobs, selected, brief, onEnd }: JobTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns = useMemo<readonly TableColumn<Job>[]>(() => {
    const state: TableColumn<Job> = {
      id: 'state',
      header: t('jobs.state'),
      width: '112px',
      value: (job) => job.state,
      cell: (job) => (
        <StatusBadge tone={jobTone(job)} plain>
          {jobStateText(t, job)}
        </StatusBadge>
      ),
    };
    const title: TableColumn<Job> = {
      id: 'title',
      header: t('jobs.title'),
      width: brief ? 'minmax(120px, 1fr)' : 'minmax(160px, 2fr)',
      value: (job) => job.title,
      cell: (job) => <bdi className={classes.title}>{job.title}</bdi>,
    };
    const started: TableColumn<Job> = {
      id: 'created',
      header: t('jobs.started'),
      width: 'minmax(84px, 0.6fr)',
      value: (job) => job.createdAt,
      cell: (job) => <Ago at={job.createdAt} />,
    };
    if (brief) return [state, title, started];
    return [
      state,
      {
        id: 'kind',
        header: t('jobs.kind'),
        width: 'minmax(100px, 0.8fr)',
        value: (job) => jobKindText(t, job.kind),
        cell: (job) => jobKindText(t, job.kind),
      },
      title,
      {
        id: 'priority',
        header: t('jobs.priority'),
        width: 'minmax(76px, 0.4fr)',
        value: ({ schedule }) => PRIORITIES.indexOf(schedule.priority),
        cell: ({ schedule }) =>
          schedule.priority === 'normal' ? '–' : t(`jobs.priorities.${schedule.priority}`),
      },
      {
        id: 'progress',
        header: t('jobs.progress'),
        width: 'minmax(120px, 1fr)',
        value: (job) => job.progress?.fraction ?? null,
        cell: (job) => (job.waitsFor === null ? <ProgressCell job={job} /> : t(`jobs.waits.${job.waitsFor}`)),
      },
      started,
      {
        id: 'duration',
        header: t('jobs.duration'),
        width: 'minmax(84px, 0.6fr)',
        align: 'end',
        value: durationMs,
        cell: (job) => {
          const duration = durationMs(job);
          return duration === null ? '–' : format.duration(duration);
        },
      },
    ];
  }, [t, format, brief]);
  return (
    <DataTable
      label={t('rooms.jobs')}
      columns={columns}
      rows={jobs}
      rowKey={(job) => job.id}
      href={(job) => within(`/jobs/${job.id}`)}
      selectedKey={selected}
      onEnd={onEnd}
    />
  );
}

const durationMs = (job: Job): number | null =>
  job.startedAt === null || job.endedAt === null ? null : Date.parse(job.endedAt) - Date.parse(job.startedAt);

function ProgressCell({ job }: { readonly job: Job }) {
  const format = useFormat();
  if (job.state !== 'running') return null;
  const fraction = job.progress?.fraction ?? null;
  if (job.paused && fraction === null) return null;
  return (
    <span className={classes.progressCell}>
      <ProgressBar fraction={fraction} label={job.title} halted={job.paused} />
      {fraction === null ? null : <span>{format.percent(fraction)}</span>}
    </span>
  );
}
