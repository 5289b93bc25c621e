import type { TFunction } from 'i18next';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { ModelVersion } from '../../../shared/contract/types.ts';
import { Code, Digest } from '../../components/code.tsx';
import { Labels } from '../../components/labels.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { Ago } from '../../components/time.tsx';
import { useQuery } from '../../engine/use-query.ts';
import type { Format } from '../../i18n/format.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { judgingMetrics, metricLabel } from '../runs/verdict.ts';
import { type AliasMove, aliasMoves } from './alias-history.ts';
import classes from './models.module.css';

export interface AliasEvidenceProps {
  readonly model: ModelVersion;
  readonly versions: readonly ModelVersion[];
}

/** All versions with their aliases, and how the aliases moved. */
export function AliasEvidence({ model, versions }: AliasEvidenceProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const history = useQuery('audit', 'list', { action: 'model.alias', limit: 1000 });
  const metric = useMemo(() => judgingMetrics(model.metrics)[0], [model.metrics]);
  return (
    <section className={classes.section}>
      <h2>{t('models.allVersions')}</h2>
      <table className={classes.table}>
        <thead>
          <tr>
            <th scope="col">{t('models.version')}</th>
            <th scope="col">{t('models.aliases')}</th>
            <th scope="col" data-end>
              {metric === undefined ? t('models.metric') : metricLabel(metric)}
            </th>
            <th scope="col">{t('models.created')}</th>
            <th scope="col">{t('models.digest')}</th>
          </tr>
        </thead>
        <tbody>
          {[...versions]
            .sort((a, b) => b.version - a.version)
            .map((one) => (
              <tr key={one.version} data-current={one.version === model.version ? true : undefined}>
                <th scope="row">
                  <Link href={`/models/${one.name}/${String(one.version)}/aliases`} className={classes.link}>
                    <Code>v{one.version}</Code>
                  </Link>
                </th>
                <td>
                  <Labels accent values={one.aliases.map((alias) => `@${alias}`)} />
                </td>
                <td data-end>
                  {metric === undefined || one.metrics[metric] === undefined
                    ? '–'
                    : format.fixed(one.metrics[metric], 4)}
                </td>
                <td>
                  <Ago at={one.createdAt} />
                </td>
                <td>
                  <Digest value={one.digest} />
                </td>
              </tr>
            ))}
        </tbody>
      </table>
      <h2>{t('models.timeline')}</h2>
      <Loaded query={history} lines={3}>
        {({ entries }) => {
          const moves = aliasMoves(entries, model.name);
          if (moves.length === 0) return <p className={classes.faint}>{t('models.noTimeline')}</p>;
          return (
            <ol className={classes.timeline}>
              {moves.map((move) => (
                <li key={move.sequence}>
                  <Code>@{move.alias}</Code>
                  <span>{moveText(move, t, format)}</span>
                  <span className={classes.faint}>
                    <Code>{move.actor}</Code>
                  </span>
                  <Link href={`/audit/${String(move.sequence)}`} className={classes.faint}>
                    <Ago at={move.at} />
                  </Link>
                </li>
              ))}
            </ol>
          );
        }}
      </Loaded>
    </section>
  );
}

function moveText({ from, to }: AliasMove, t: TFunction, format: Format): string {
  const [before, after] = [from, to].map((version) => (version === null ? '' : format.integer(version)));
  if (to === null) return t('models.timelineRemoved', { from: before });
  return from === null
    ? t('models.timelineSet', { to: after })
    : t('models.timelineMoved', { from: before, to: after });
}
