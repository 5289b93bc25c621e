import { Button } from '@mantine/core';
import { IconDatabaseImport } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useLocation } from 'wouter';
import type { EngineClient } from '../../../shared/contract/types.ts';
import { CommandLine } from '../../components/command-line.tsx';
import { ErrorPanel } from '../../components/error-panel.tsx';
import { Loaded } from '../../components/loaded.tsx';
import { ScrollRegion } from '../../components/scroll-region.tsx';
import { Stat, StatRow } from '../../components/stat.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { Ago, DateTime } from '../../components/time.tsx';
import { useAction } from '../../engine/use-action.ts';
import { useQuery } from '../../engine/use-query.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './features.module.css';
import { OnlineLookup } from './online-lookup.tsx';
import { ONLINE_TONES } from './status-tones.ts';

const materialize = (client: EngineClient, view: string) => client.features.materialize({ view });

/** How fresh a view's online rows are, how to make them so, and what they say of one entity. */
export function ViewOnline({ name }: { readonly name: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const [, navigate] = useLocation();
  const state = useQuery('features', 'onlineState', { name });
  const starting = useAction(materialize);
  const start = async (): Promise<void> => {
    const started = await starting.run(name);
    if (started !== undefined) navigate(`/jobs/${started.job}`);
  };
  return (
    <Loaded query={state}>
      {({ status, entities, rows, waitingRows, writtenAt, newestEvent, keys }) => (
        <ScrollRegion label={t('features.online.tab')} className={classes.online}>
          <StatRow>
            <Stat label={t('features.online.state')} plain>
              <StatusBadge tone={ONLINE_TONES[status]}>{t(`features.online.states.${status}`)}</StatusBadge>
            </Stat>
            <Stat label={t('features.online.written')} plain>
              {writtenAt === null ? t('features.online.none') : <Ago at={writtenAt} />}
            </Stat>
            <Stat label={t('features.online.newest')} plain>
              {newestEvent === null ? t('features.online.none') : <DateTime at={newestEvent} />}
            </Stat>
            <Stat label={t('features.online.entities')}>{format.integer(entities)}</Stat>
            <Stat label={t('features.online.rows')}>{format.integer(rows)}</Stat>
            <Stat label={t('features.online.waiting')}>{format.integer(waitingRows)}</Stat>
          </StatRow>
          {starting.error === undefined ? null : <ErrorPanel error={starting.error} />}
          <div className={classes.buttons}>
            <Button
              leftSection={<IconDatabaseImport size={14} />}
              loading={starting.busy}
              onClick={() => void start()}
            >
              {t('features.online.materialize')}
            </Button>
            <CommandLine command={`falaj features materialize ${name}`} />
          </div>
          <OnlineLookup view={name} keys={keys} />
        </ScrollRegion>
      )}
    </Loaded>
  );
}
