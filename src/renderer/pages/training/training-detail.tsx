import { IconPlayerPlay } from '@tabler/icons-react';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link, useLocation } from 'wouter';
import { stringify } from 'yaml';
import type { EngineClient, Run } from '../../../shared/contract/types.ts';
import type { AnyTraining } from '../../../shared/definitions/training.ts';
import { Code } from '../../components/code.tsx';
import { CopyCommand } from '../../components/command-line.tsx';
import { DataTable, type TableColumn } from '../../components/data-table.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { RefusableButton } from '../../components/refusable-button.tsx';
import { RunCheck } from '../../components/run-check.tsx';
import { Ago } from '../../components/time.tsx';
import { YamlText } from '../../components/yaml-text.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { RunStatusBadge } from '../runs/run-status.tsx';
import { metricLabel } from '../runs/verdict.ts';
import { learnerKind } from './learner-kind.ts';
import classes from './training.module.css';

const start = (client: EngineClient, name: string) => client.training.start({ name });
const MOST_RUNS = 200;
/** The most telling first. */
const HEADLINES = ['auc', 'accuracy', 'rmse', 'logloss'] as const;

/** One training: what it is, its runs, and starting it. */
export function TrainingDetail({ name }: { readonly name: string }) {
  const training = useQuery('training', 'get', { name });
  return <Loaded query={training}>{(found) => <TrainingView training={found} />}</Loaded>;
}

function TrainingView({ training }: { readonly training: AnyTraining }) {
  const { t } = useTranslation();
  const [, navigate] = useLocation();
  const starting = useAction(start);
  const text = useMemo(() => stringify(training), [training]);
  const { name, task, entities, service } = training;
  const session = useQuery('workspace', 'session', undefined);
  const isForbidden = learnerKind(training) === 'python' && session.data?.mayStartPrograms === false;
  const refusal = isForbidden ? t('training.startOnMachine', { command: `falaj train ${name}` }) : null;
  const begin = async (): Promise<void> => {
    const started = await starting.run(name);
    if (started !== undefined) navigate(`/jobs/${started.job}`);
  };
  return (
    <div className={classes.page}>
      <PageHeader
        title={name}
        subtitle={
          <>
            <span>
              {t(`training.tasks.${task}`)} · {t(`training.learners.${learnerKind(training)}`)}
            </span>
            <span aria-hidden>·</span>
            <Link href={`/data/${entities.dataset}`} className={classes.link}>
              <Code>{entities.dataset}</Code>
            </Link>
            {service === undefined ? null : (
              <>
                <span aria-hidden>·</span>
                <Link href={`/features/~services/${service}`} className={classes.link}>
                  <Code>{service}</Code>
                </Link>
              </>
            )}
          </>
        }
        actions={
          <>
            <CopyCommand command={`falaj train ${name}`} />
            <RefusableButton
              refusal={refusal}
              leftSection={<IconPlayerPlay size={14} />}
              loading={starting.busy}
              onClick={() => void begin()}
            >
              {t('training.start')}
            </RefusableButton>
          </>
        }
      />
      {starting.error === undefined ? null : (
        <div className={classes.pad}>
          <ErrorPanel error={starting.error} />
        </div>
      )}
      <div className={classes.runs}>
        <TrainingRuns name={name} />
      </div>
      <div className={classes.runCheck}>
        <RunCheck of={{ training: name }} />
      </div>
      <YamlText text={text} label={t('training.definition')} />
    </div>
  );
}

function TrainingRuns({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useQuery('runs', 'search', {
    filter: `tags.training = '${name}'`,
    trials: false,
    limit: MOST_RUNS,
  });
  const columns = useMemo<readonly TableColumn<Run>[]>(
    () => [
      {
        id: 'status',
        header: t('runs.status'),
        width: '110px',
        value: ({ status }) => status,
        cell: ({ status }) => <RunStatusBadge status={status} plain />,
      },
      {
        id: 'name',
        header: t('runs.name'),
        width: 'minmax(120px, 1fr)',
        value: (run) => run.name,
        cell: (run) => <bdi>{run.name}</bdi>,
      },
      {
        id: 'metric',
        header: t('training.result'),
        width: 'minmax(110px, 0.8fr)',
        cell: ({ metrics }) => {
          const metric = HEADLINES.find((one) => metrics[one] !== undefined);
          return metric === undefined ? '–' : `${metricLabel(metric)} ${format.number(metrics[metric]!)}`;
        },
      },
      {
        id: 'started',
        header: t('runs.started'),
        width: 'minmax(84px, 0.6fr)',
        value: ({ startedAt }) => startedAt,
        cell: ({ startedAt }) => <Ago at={startedAt} />,
      },
    ],
    [t, format],
  );
  return (
    <Loaded query={query}>
      {({ runs }) =>
        runs.length === 0 ? (
          <p className={classes.hint}>{t('training.noRuns')}</p>
        ) : (
          <DataTable
            label={t('rooms.runs')}
            columns={columns}
            rows={runs}
            rowKey={({ id }) => id}
            href={({ id }) => `/runs/${id}`}
            defaultSort={{ id: 'started', descending: true }}
          />
        )
      }
    </Loaded>
  );
}
