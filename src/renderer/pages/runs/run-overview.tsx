import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { Run } from '../../../shared/contract/types.ts';
import { Code, Digest, VersionedName } from '../../components/code.tsx';
import { LineageFlow } from '../../components/lineage-flow.tsx';
import { ScrollRegion } from '../../components/scroll-region.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { Gain } from './gain.tsx';
import classes from './run-overview.module.css';
import { baselineOf, factMetrics, gainOver, judgingMetrics, metricLabel } from './verdict.ts';

export function RunOverview({ run }: { readonly run: Run }) {
  const { t } = useTranslation();
  return (
    <div className={classes.overview}>
      <div className={classes.column}>
        <Panel title={t('runs.metrics')}>
          <MetricsTable metrics={run.metrics} />
        </Panel>
        <Panel title={t('runs.data')}>
          {run.data.length === 0 ? <p className={classes.faint}>{t('runs.noData')}</p> : null}
          <ul className={classes.facts}>
            {run.data.map(({ name, version, digest }) => (
              <li key={`${name}@${String(version)}`}>
                <Link href={`/data/${name}`} className={classes.link}>
                  <VersionedName name={name} version={version} />
                </Link>
                <Digest value={digest} />
              </li>
            ))}
          </ul>
        </Panel>
        <Panel title={t('runs.model')}>
          {run.model === null ? (
            <p className={classes.faint}>{t('runs.noModel')}</p>
          ) : (
            <Link href={`/models/${run.model.name}/${String(run.model.version)}`} className={classes.link}>
              <VersionedName {...run.model} />
            </Link>
          )}
        </Panel>
        {run.tags['deviceReason'] === undefined ? null : (
          <Panel title={t('runs.device')}>
            <p>
              <bdi>{run.tags['device']}</bdi>
            </p>
            <p className={classes.faint} dir="auto">
              {run.tags['deviceReason']}
            </p>
          </Panel>
        )}
      </div>
      <div className={classes.column}>
        <Panel title={t('runs.params')}>
          <Pairs pairs={run.params} none={t('runs.noParams')} />
        </Panel>
        {Object.keys(run.tags).length === 0 ? null : (
          <Panel title={t('runs.tags')}>
            <Pairs pairs={run.tags} none="" hrefOf={tagHref} />
          </Panel>
        )}
      </div>
      <RunLineage id={run.id} />
    </div>
  );
}

/** From the data to the models; nothing for a run of which no more is known than itself. */
function RunLineage({ id }: { readonly id: string }) {
  const { t } = useTranslation();
  const { data: graph } = useQuery('lineage', 'of', { kind: 'run', name: id, direction: 'both' });
  if (graph === undefined || graph.edges.length === 0) return null;
  return (
    <div className={classes.lineage}>
      <Panel title={t('features.lineage')}>
        <ScrollRegion label={t('features.lineage')} className={classes.flow}>
          <LineageFlow graph={graph} />
        </ScrollRegion>
      </Panel>
    </div>
  );
}

const TAG_PAGES: Readonly<Record<string, string>> = { training: '/training', job: '/jobs' };

const tagHref = (name: string, value: string): string | null =>
  TAG_PAGES[name] === undefined ? null : `${TAG_PAGES[name]}/${encodeURIComponent(value)}`;

function Panel({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <section className={classes.panel}>
      <h2>{title}</h2>
      {children}
    </section>
  );
}

interface PairsProps {
  readonly pairs: Readonly<Record<string, string>>;
  readonly none: string;
  /** The page of what a value names. */
  readonly hrefOf?: (name: string, value: string) => string | null;
}

function Pairs({ pairs, none, hrefOf }: PairsProps) {
  const entries = Object.entries(pairs).sort(([a], [b]) => a.localeCompare(b));
  if (entries.length === 0) return <p className={classes.faint}>{none}</p>;
  return (
    <dl className={classes.pairs} dir="ltr">
      {entries.map(([name, value]) => {
        const href = hrefOf?.(name, value) ?? null;
        return (
          <div key={name}>
            <dt title={name}>{name}</dt>
            <dd title={value}>
              {href === null ? (
                value
              ) : (
                <Link href={href} className={classes.link}>
                  {value}
                </Link>
              )}
            </dd>
          </div>
        );
      })}
    </dl>
  );
}

function MetricsTable({ metrics }: { readonly metrics: Readonly<Record<string, number>> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const names = [...judgingMetrics(metrics), ...factMetrics(metrics)];
  if (names.length === 0) return <p className={classes.faint}>{t('runs.noMetrics')}</p>;
  const figure = (value: number): string =>
    Number.isInteger(value)
      ? format.integer(value)
      : Math.abs(value) < 1e-3
        ? format.number(value, 3)
        : format.fixed(value, 4);
  return (
    <table className={classes.metrics}>
      <thead>
        <tr>
          <th scope="col">{t('runs.metric')}</th>
          <th scope="col">{t('runs.value')}</th>
          <th scope="col">{t('runs.baseline')}</th>
          <th scope="col">{t('runs.difference')}</th>
        </tr>
      </thead>
      <tbody>
        {names.map((name) => {
          const value = metrics[name]!;
          const baseline = baselineOf(metrics, name);
          return (
            <tr key={name}>
              <th scope="row">
                <Code>{metricLabel(name)}</Code>
              </th>
              <td>
                <bdi>{figure(value)}</bdi>
              </td>
              <td className={classes.baselineCell}>{baseline === null ? '–' : format.fixed(baseline, 4)}</td>
              <td>
                <Gain
                  gain={baseline === null ? null : gainOver(name, value, baseline)}
                  {...(baseline === null ? {} : { difference: value - baseline })}
                />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
