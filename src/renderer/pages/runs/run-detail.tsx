import { Button, Menu } from '@mantine/core';
import { IconRosetteDiscountCheck, IconTrash } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Run } from '../../../shared/contract/types.ts';
import { PARENT_TAG, SEARCH_TAG } from '../../../shared/run-search.ts';
import { Code, Digest } from '../../components/code.tsx';
import { CopyCommand } from '../../components/command-line.tsx';
import { LinkTabs } from '../../components/link-tabs.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { MoreMenu } from '../../components/more-menu.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Ago } from '../../components/time.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { RunEvaluation } from './evaluation/run-evaluation.tsx';
import { RemoveRunDialog } from './remove-run-dialog.tsx';
import { RunArtifacts } from './run-artifacts.tsx';
import { RunCurves } from './run-curves.tsx';
import { jobOfRun, RunLog } from './run-log.tsx';
import { RunOverview } from './run-overview.tsx';
import { RunStatusBadge } from './run-status.tsx';
import { runDurationMs } from './run-table.tsx';
import classes from './runs.module.css';
import { RunTrialsTab } from './trials/run-trials.tsx';
import { SearchStrip } from './trials/search-strip.tsx';
import { VerdictStrip } from './verdict-strip.tsx';

const isSearch = ({ tags }: Run): boolean => tags[SEARCH_TAG] !== undefined;
/** A search, one of its trials, or the model that was learned with what it found. */
const hasTrials = (run: Run): boolean =>
  isSearch(run) || (run.tags[PARENT_TAG] !== undefined && run.tags['training'] !== undefined);

export function RunDetail({ id, tab }: { readonly id: string; readonly tab: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useQuery('runs', 'get', { id });
  const [removing, setRemoving] = useState(false);
  return (
    <Loaded query={query}>
      {(run) => {
        const duration = runDurationMs(run);
        return (
          <>
            <PageHeader
              title={run.name}
              badges={<RunStatusBadge status={run.status} />}
              subtitle={
                <>
                  <Link
                    href={`/runs?experiment=${encodeURIComponent(run.experiment)}`}
                    className={classes.link}
                  >
                    <Code>{run.experiment}</Code>
                  </Link>
                  <span aria-hidden>·</span>
                  <Ago at={run.startedAt} />
                  {duration === null ? null : (
                    <>
                      <span aria-hidden>·</span>
                      <span>{format.duration(duration)}</span>
                    </>
                  )}
                  <span aria-hidden>·</span>
                  <Digest value={run.id} />
                </>
              }
              actions={
                <>
                  <CopyCommand command={`falaj runs show ${run.id}`} />
                  {run.model === null ? null : (
                    <Button
                      component={Link}
                      href={`/models/${run.model.name}/${String(run.model.version)}`}
                      variant="default"
                      leftSection={<IconRosetteDiscountCheck size={14} />}
                    >
                      <bdi>
                        {run.model.name} v{run.model.version}
                      </bdi>
                    </Button>
                  )}
                  <MoreMenu>
                    <Menu.Item
                      color="red"
                      leftSection={<IconTrash size={14} />}
                      onClick={() => setRemoving(true)}
                    >
                      {t('runs.remove')}
                    </Menu.Item>
                  </MoreMenu>
                </>
              }
            />
            {isSearch(run) ? <SearchStrip run={run} /> : <VerdictStrip metrics={run.metrics} />}
            <LinkTabs
              label={run.name}
              tabs={[
                { href: `/runs/${id}`, label: t('runs.tabOverview') },
                { href: `/runs/${id}/curves`, label: t('runs.tabCurves') },
                ...(hasTrials(run) ? [{ href: `/runs/${id}/trials`, label: t('runs.tabTrials') }] : []),
                { href: `/runs/${id}/evaluation`, label: t('runs.tabEvaluation') },
                {
                  href: `/runs/${id}/artifacts`,
                  label: t('runs.tabArtifacts'),
                  count: format.integer(run.artifacts.length),
                },
                ...(jobOfRun(run) === null ? [] : [{ href: `/runs/${id}/log`, label: t('jobs.log') }]),
              ]}
            />
            <div className={classes.body}>
              {tab === 'overview' ? <RunOverview run={run} /> : null}
              {tab === 'curves' ? <RunCurves run={run} /> : null}
              {tab === 'trials' ? <RunTrialsTab run={run} /> : null}
              {tab === 'evaluation' ? <RunEvaluation run={run} /> : null}
              {tab === 'artifacts' ? <RunArtifacts run={run} /> : null}
              {tab === 'log' ? <RunLog run={run} /> : null}
            </div>
            <RemoveRunDialog opened={removing} onClose={() => setRemoving(false)} run={run} />
          </>
        );
      }}
    </Loaded>
  );
}
