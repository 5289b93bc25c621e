import { Button } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import type { FeatureServiceDetail } from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { CopyCommand } from '../../components/command-line.tsx';
import { LinkTabs } from '../../components/link-tabs.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { PageHeader } from '../../components/page-header.tsx';
import { Stat, StatRow } from '../../components/stat.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { Ago } from '../../components/time.tsx';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import { addressOf, formOf } from '../training-sets/build-form.ts';
import { DefinitionText } from './definition-text.tsx';
import classes from './features.module.css';
import { ServiceFeatures } from './service-features.tsx';
import { ServiceSkew } from './service-skew.tsx';
import { serviceHref } from './service-table.tsx';
import { ServiceUsers } from './service-users.tsx';

/** One service: what an answer of it holds, who uses it, and whether it serves what a training set would hold. */
export function ServiceDetail({ name, tab }: { readonly name: string; readonly tab: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const query = useQuery('features', 'service', { name });
  const href = serviceHref(name);
  return (
    <Loaded query={query}>
      {(service) => (
        <>
          <PageHeader
            title={service.definition.name}
            badges={<Code>v{service.version}</Code>}
            subtitle={
              <>
                {service.definition.description === undefined ? null : (
                  <span dir="auto">{service.definition.description}</span>
                )}
                <span>
                  {t('features.appliedAt')} <Ago at={service.appliedAt} />
                </span>
              </>
            }
            actions={
              <>
                <CopyCommand command={`falaj features service ${name}`} />
                <Button
                  component={Link}
                  href={addressOf({ ...formOf(''), service: service.definition.name })}
                  variant="default"
                >
                  {t('trainingSets.buildTitle')}
                </Button>
              </>
            }
          />
          <Facts service={service} />
          <LinkTabs
            label={name}
            tabs={[
              { href, label: t('rooms.features'), count: format.integer(service.features.length) },
              { href: `${href}/skew`, label: t('features.skew.tab') },
              { href: `${href}/definition`, label: t('features.definition') },
            ]}
          />
          {tab === 'features' ? <ServiceFeatures features={service.features} /> : null}
          {tab === 'skew' ? <ServiceSkew service={service} /> : null}
          {tab === 'definition' ? <DefinitionText definition={service.definition} /> : null}
        </>
      )}
    </Loaded>
  );
}

function Facts({ service }: { readonly service: FeatureServiceDetail }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { definition, log } = service;
  return (
    <div className={classes.facts}>
      <StatRow>
        <Stat label={t('features.usedBy')} plain>
          <ServiceUsers service={service} />
        </Stat>
        <Stat label={t('features.service.logging')} plain>
          {definition.log === undefined ? (
            t('features.service.off')
          ) : (
            <>
              {format.percent(definition.log.sample, Number.isInteger(100 * definition.log.sample) ? 0 : 1)} ·{' '}
              <Code>{definition.log.retention}</Code>
            </>
          )}
        </Stat>
        <Stat label={t('features.service.reads')} plain>
          {format.integer(log.rows)}
          {log.lastRead === null ? null : (
            <>
              {' · '}
              <Ago at={log.lastRead} />
            </>
          )}
        </Stat>
        {log.dropped === 0 ? null : (
          <Stat label={t('features.service.lost')} plain>
            {format.integer(log.dropped)}
          </Stat>
        )}
        {log.failure === null ? null : (
          <Stat label={t('features.service.writing')} plain>
            <span title={log.failure}>
              <StatusBadge tone="bad" plain>
                {t('features.service.notWritten')}
              </StatusBadge>
            </span>
          </Stat>
        )}
        {definition.owner === undefined ? null : (
          <Stat label={t('features.owner')} plain>
            <bdi>{definition.owner}</bdi>
          </Stat>
        )}
      </StatRow>
    </div>
  );
}
