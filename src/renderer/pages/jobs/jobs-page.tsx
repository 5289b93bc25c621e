import { IconListCheck } from '@tabler/icons-react';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Job } from '../../../shared/contract/types.ts';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { EmptyState } from '../../components/empty-state.tsx';
import { ListToolbar } from '../../components/list-toolbar.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { ProgressBar } from '../../components/progress-bar.tsx';
import { SplitView } from '../../components/split-view.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { Ago } from '../../components/time.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { JOB_TONES, jobKindText } from '../../shell/job-presentation.ts';
import { JobDetail } from './job-detail.tsx';
import classes from './jobs.module.css';

export interface JobsPageProps {
  readonly params: { readonly id?: string | undefined };
}

export function JobsPage({ params }: JobsPageProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const jobs = useQuery('jobs', 'list', { limit: 200 });
  const [filter, setFilter] = useState('');
  const wanted = filter.toLowerCase();
  const shown = (jobs.data ?? []).filter((job) =>
    `${job.title} ${jobKindText(t, job.kind)} ${t(`jobStates.${job.state}`)}`.toLowerCase().includes(wanted),
  );
  return (
    <SplitView
      defaultWidth={380}
      list={
        <>
          <ListToolbar
            title={t('rooms.jobs')}
            {...(jobs.data === undefined ? {} : { count: format.integer(jobs.data.length) })}
            filter={{ value: filter, onChange: setFilter }}
          />
          <Loaded query={jobs}>
            {(all) =>
              all.length === 0 ? (
                <EmptyState
                  icon={IconListCheck}
                  title={t('jobs.emptyTitle')}
                  text={t('jobs.emptyText')}
                  command="falaj jobs ls"
                />
              ) : (
                <JobTable jobs={shown} selected={params.id ?? null} brief={params.id !== undefined} />
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
  readonly jobs: readonly Job[];
  readonly selected: string | null;
  readonly brief: boolean;
}

function JobTable({ jobs, selected, brief }: JobTableProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const columns = useMemo<readonly TableColumn<Job>[]>(() => {
    const state: TableColumn<Job> = {
      id: 'state',
      header: t('jobs.state'),
      width: '112px',
      value: (job) => job.state,
      cell: (job) => (
        <StatusBadge tone={JOB_TONES[job.state]} plain>
          {t(`jobStates.${job.state}`)}
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
        id: 'progress',
        header: t('jobs.progress'),
        width: 'minmax(120px, 1fr)',
        value: (job) => job.progress?.fraction ?? null,
        cell: (job) => <ProgressCell job={job} />,
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
      href={(job) => `/jobs/${job.id}`}
      selectedKey={selected}
      defaultSort={{ id: 'created', descending: true }}
    />
  );
}

const durationMs = (job: Job): number | null =>
  job.startedAt === null || job.endedAt === null ? null : Date.parse(job.endedAt) - Date.parse(job.startedAt);

function ProgressCell({ job }: { readonly job: Job }) {
  const format = useFormat();
  if (job.state !== 'running') return null;
  const fraction = job.progress?.fraction ?? null;
  return (
    <span className={classes.progressCell}>
      <ProgressBar fraction={fraction} label={job.title} />
      {fraction === null ? null : <span>{format.percent(fraction)}</span>}
    </span>
  );
}
