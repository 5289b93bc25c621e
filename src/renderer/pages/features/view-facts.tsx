import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { FeatureViewDetail } from '../../../shared/contract/types.ts';
import { sourceName } from '../../../shared/definitions/view-source.ts';
import { Code } from '../../components/code.tsx';
import { Labels } from '../../components/labels.tsx';
import { Stat, StatRow } from '../../components/stat.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { Ago } from '../../components/time.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './features.module.css';
import { serviceHref } from './service-table.tsx';
import { ONLINE_TONES } from './status-tones.ts';

function SourceLink({ source }: { readonly source: FeatureViewDetail['definition']['source'] }) {
  const { t } = useTranslation();
  const name = sourceName(source);
  if (name === null) return t(source.push === true ? 'features.pushed' : 'features.request');
  return (
    <Link href={source.view === undefined ? `/data/${name}` : `/features/${name}`} className={classes.link}>
      <Code>{name}</Code>
    </Link>
  );
}

function ServiceLinks({ names }: { readonly names: readonly string[] }) {
  return (
    <span className={classes.users}>
      {names.map((name) => (
        <Link key={name} href={serviceHref(name)} className={classes.link}>
          <bdi>{name}</bdi>
        </Link>
      ))}
    </span>
  );
}

/** What a view is made of, how fresh it is, and who relies on it. */
export function ViewFacts({ view }: { readonly view: FeatureViewDetail }) {
  const { t } = useTranslation();
  const { definition, usedBy, rowsImportedAt } = view;
  return (
    <div className={classes.facts}>
      <StatRow>
        <Stat label={t('features.source')} plain>
          <SourceLink source={definition.source} />
        </Stat>
        <Stat label={t('features.entities')} plain>
          {definition.entities.length === 0 ? (
            t('features.global')
          ) : (
            <Code>{definition.entities.join(', ')}</Code>
          )}
        </Stat>
        {rowsImportedAt === null ? null : (
          <Stat label={t('features.newestRows')} plain>
            <Ago at={rowsImportedAt} />
          </Stat>
        )}
        {definition.source.request === undefined ? <OnlineFreshness name={definition.name} /> : null}
        {definition.source.dataset === undefined ? null : (
          <SourceTimes source={definition.source} dataset={definition.source.dataset} />
        )}
        {definition.source.zone === undefined ? null : (
          <Stat label={t('features.zone')} plain>
            <Code>{definition.source.zone}</Code>
          </Stat>
        )}
        <Stat label={t('features.expires')} plain>
          {definition.ttl === undefined ? t('features.never') : <Code>{definition.ttl}</Code>}
        </Stat>
        {definition.source.filter === undefined ? null : (
          <Stat label={t('features.filter')} plain>
            <Code>{definition.source.filter}</Code>
          </Stat>
        )}
        <Stat label={t('features.usedBy')} plain>
          {usedBy.length === 0 ? t('features.nobody') : <ServiceLinks names={usedBy} />}
        </Stat>
        {definition.owner === undefined ? null : (
          <Stat label={t('features.owner')} plain>
            <bdi>{definition.owner}</bdi>
          </Stat>
        )}
        {Object.keys(definition.tags).length === 0 ? null : (
          <Stat label={t('features.tags')} plain>
            <Labels values={Object.entries(definition.tags).map(([key, value]) => `${key}=${value}`)} />
          </Stat>
        )}
      </StatRow>
    </div>
  );
}

/** The columns that say when a row happened and became known: those of the dataset, unless the view names others. */
function SourceTimes({
  source,
  dataset,
}: {
  readonly source: FeatureViewDetail['definition']['source'];
  readonly dataset: string;
}) {
  const { t } = useTranslation();
  const { data } = useQuery('data', 'get', { name: dataset });
  return (
    <>
      <Stat label={t('data.eventTime')} plain>
        <Code>{source.eventTime ?? data?.eventTime ?? '–'}</Code>
      </Stat>
      <Stat label={t('data.knownTime')} plain>
        <Code>{source.knownTime ?? data?.knownTime ?? '–'}</Code>
      </Stat>
    </>
  );
}

/** The online store in a word, and how many rows it has not taken in; the way to what can be done about it. */
function OnlineFreshness({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = useQuery('features', 'onlineState', { name });
  if (data === undefined) return null;
  return (
    <Stat label={t('features.online.state')} plain>
      <Link href={`/features/${name}/online`} className={classes.link}>
        <StatusBadge tone={ONLINE_TONES[data.status]} plain>
          {t(`features.online.states.${data.status}`)}
        </StatusBadge>
        {data.waitingRows === 0
          ? null
          : ` ${t('features.rowsWaiting', { count: data.waitingRows, found: format.compact(data.waitingRows) })}`}
      </Link>
    </Stat>
  );
}
