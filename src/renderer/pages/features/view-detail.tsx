import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link, useSearch } from 'wouter';
import { Code } from '../../components/code.tsx';
import { CopyCommand } from '../../components/command-line.tsx';
import { Labels } from '../../components/labels.tsx';
import { LinkTabs } from '../../components/link-tabs.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Ago } from '../../components/time.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { addressOf, formOf } from '../training-sets/build-form.ts';
import { questionText, readQuestion } from './catalogue-address.ts';
import { DefinitionText } from './definition-text.tsx';
import { FeatureTable } from './feature-table.tsx';
import { ViewAsOf } from './view-as-of.tsx';
import { ViewFacts } from './view-facts.tsx';
import { ViewLineage } from './view-lineage.tsx';
import { ViewOnline } from './view-online.tsx';
import { ViewStatistics } from './view-statistics.tsx';
import { ViewVersions } from './view-versions.tsx';

export function ViewDetail({ name, tab }: { readonly name: string; readonly tab: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useQuery('features', 'view', { name });
  const search = useSearch();
  // The list beside the page stays narrowed from tab to tab.
  const narrowed = questionText(readQuestion(search));
  return (
    <Loaded query={query}>
      {(view) => {
        const { definition, version, appliedAt, history } = view;
        return (
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
            <ViewFacts view={view} />
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
                      {
                        href: `/features/${name}/statistics${narrowed}`,
                        label: t('features.statistics.tab'),
                      },
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
            {tab === 'statistics' ? <ViewStatistics name={name} /> : null}
            {tab === 'lineage' ? <ViewLineage name={definition.name} /> : null}
            {tab === 'online' ? <ViewOnline name={name} /> : null}
            {tab === 'definition' ? (
              <>
                <ViewVersions history={history} />
                <DefinitionText definition={definition} />
              </>
            ) : null}
          </>
        );
      }}
    </Loaded>
  );
}
