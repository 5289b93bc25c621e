import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useSearch } from 'wouter';
import type { FeatureViewInfo } from '../../../shared/contract/types.ts';
import { sourceName } from '../../../shared/definitions/view-source.ts';
import { Code } from '../../components/code.tsx';
import { CopyCommand } from '../../components/command-line.tsx';
import { Labels } from '../../components/labels.tsx';
import { LinkTabs } from '../../components/link-tabs.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Stat, StatRow } from '../../components/stat.tsx';
import { Ago } from '../../components/time.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { addressOf, formOf } from '../training-sets/build-form.ts';
import { questionText, readQuestion } from './catalogue-address.ts';
import { DefinitionText } from './definition-text.tsx';
import { FeatureTable } from './feature-table.tsx';
import classes from './features.module.css';
import { serviceHref } from './service-table.tsx';
import { ViewAsOf } from './view-as-of.tsx';
import { ViewLineage } from './view-lineage.tsx';
import { ViewOnline } from './view-online.tsx';

function SourceLink({ source }: { readonly source: FeatureViewInfo['definition']['source'] }) {
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

export function ViewDetail({ name, tab }: { readonly name: string; readonly tab: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useQuery('features', 'view', { name });
  const search = useSearch();
  // The list beside the page stays narrowed from tab to tab.
  const narrowed = questionText(readQuestion(search));
  return (
    <Loaded query={query}>
      {({ definition, version, appliedAt, usedBy }) => (
        <>
          <PageHeader
            title={definition.name}
            badges={
              <>
                <Code>v{version}</Code>
                <Labels values={definition.labels} />
              </>
            }
            subtitle={
              <>
                {definition.description === undefined ? null : (
                  <span dir="auto">{definition.description}</span>
                )}
                <span>
                  {t('features.appliedAt')} <Ago at={appliedAt} />
                </span>
              </>
            }
            actions={
              <>
                <CopyCommand command={`falaj features show ${definition.name}`} />
                <Button
                  component={Link}
                  href={addressOf({
                    ...formOf(''),
                    features: definition.features.map((feature) => `${definition.name}:${feature.name}`),
                  })}
                  variant="default"
                >
                  {t('trainingSets.buildTitle')}
                </Button>
              </>
            }
          />
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
              <Stat label={t('data.eventTime')} plain>
                <Code>{definition.source.eventTime ?? '–'}</Code>
              </Stat>
              <Stat label={t('data.knownTime')} plain>
                <Code>{definition.source.knownTime ?? '–'}</Code>
              </Stat>
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
            </StatRow>
          </div>
          <LinkTabs
            label={definition.name}
            tabs={[
              {
                href: `/features/${name}${narrowed}`,
                label: t('rooms.features'),
                count: format.integer(definition.features.length),
              },
              ...(definition.source.request === undefined
                ? [
                    { href: `/features/${name}/sample${narrowed}`, label: t('features.sample') },
                    { href: `/features/${name}/online${narrowed}`, label: t('features.online.tab') },
                  ]
                : []),
              { href: `/features/${name}/lineage${narrowed}`, label: t('features.lineage') },
              { href: `/features/${name}/definition${narrowed}`, label: t('features.definition') },
            ]}
          />
          {tab === 'features' ? (
            <FeatureTable
              features={definition.features}
              selected={new URLSearchParams(search).get('feature')}
            />
          ) : null}
          {tab === 'sample' ? <ViewAsOf name={name} /> : null}
          {tab === 'lineage' ? <ViewLineage name={definition.name} /> : null}
          {tab === 'online' ? <ViewOnline name={name} /> : null}
          {tab === 'definition' ? <DefinitionText definition={definition} /> : null}
        </>
      )}
    </Loaded>
  );
}
