import { Button } from '@mantine/core';
import { IconPlaneDeparture, IconPlus } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useQuery } from '../../engine/use-query.ts';
import { ActivityPanel } from './activity-panel.tsx';
import { AttentionPanel } from './attention-panel.tsx';
import { FlowStrip } from './flow-strip.tsx';
import { MachinePanel } from './machine-panel.tsx';
import classes from './overview.module.css';
import { RecentJobsPanel } from './recent-jobs-panel.tsx';
import { StoragePanel } from './storage-panel.tsx';

export function OverviewPage() {
  const { t } = useTranslation();
  const datasets = useQuery('data', 'list', undefined);
  const views = useQuery('features', 'views', undefined);
  const runs = useQuery('runs', 'list', { limit: 200 });
  const models = useQuery('models', 'list', undefined);
  const checks = useQuery('monitoring', 'list', undefined);
  const jobs = useQuery('jobs', 'list', { limit: 200 });
  const devices = useQuery('devices', 'list', undefined);
  const isNew = datasets.data?.length === 0 && jobs.data?.length === 0;
  return (
    <div className={classes.page}>
      <div className={classes.inner}>
        <h1 hidden>{t('rooms.overview')}</h1>
        <FlowStrip
          facts={{
            datasets: datasets.data ?? [],
            views: views.data ?? [],
            runs: runs.data ?? [],
            models: models.data ?? [],
            checks: checks.data ?? [],
            jobs: jobs.data ?? [],
          }}
        />
        {isNew ? (
          <section className={`${classes.panel ?? ''} ${classes.start ?? ''}`}>
            <p>{t('overview.startText')}</p>
            <Button component={Link} href="/data/~import" leftSection={<IconPlus size={14} />}>
              {t('commands.import')}
            </Button>
            <Button
              component={Link}
              href="/demo"
              variant="default"
              leftSection={<IconPlaneDeparture size={14} />}
            >
              {t('commands.demo')}
            </Button>
          </section>
        ) : null}
        <div className={classes.columns}>
          <div className={classes.column}>
            <AttentionPanel jobs={jobs.data ?? []} checks={checks.data ?? []} devices={devices.data} />
            <ActivityPanel />
          </div>
          <div className={classes.column}>
            <MachinePanel devices={devices.data} />
            <RecentJobsPanel jobs={jobs.data ?? []} />
            <StoragePanel />
          </div>
        </div>
      </div>
    </div>
  );
}
