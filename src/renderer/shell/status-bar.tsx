import { IconDeviceDesktop, IconPlugConnectedX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useStore } from 'zustand';
import { Code } from '../components/code.tsx';
import { cx } from '../components/cx.ts';
import { StatusBadge } from '../components/status-badge.tsx';
import { Strip } from '../components/strip.tsx';
import { useEngine } from '../engine/engine-context.tsx';
import { useQuery } from '../engine/use-query.ts';
import { useFormat } from '../i18n/use-format.ts';
import classes from './status-bar.module.css';

const SECONDS = 40;

/** The machine at a glance, on every page; a click leads to the devices. */
export function StatusBar() {
  const { t } = useTranslation();
  const format = useFormat();
  const { telemetry, live } = useEngine();
  const samples = useStore(telemetry, (state) => state.samples);
  const health = useStore(live.health, (state) => state.health);
  const status = useQuery('workspace', 'status', undefined);
  const latest = samples.at(-1);
  const accelerator = latest?.accelerators[0];
  return (
    <footer className={classes.bar}>
      {health === 'open' ? (
        <StatusBadge tone="good" plain>
          {t('shell.engineOpen')}
        </StatusBadge>
      ) : (
        <StatusBadge tone={health === 'lost' ? 'bad' : 'running'} plain>
          {t(health === 'lost' ? 'shell.engineLost' : 'shell.engineConnecting')}
        </StatusBadge>
      )}
      {latest === undefined ? null : (
        <Link href="/devices" className={classes.item} aria-label={t('rooms.devices')}>
          <span>{t('shell.cpu')}</span>
          <span className={classes.strip}>
            <Strip
              values={samples.map(({ cpuUtilization }) => cpuUtilization)}
              capacity={SECONDS}
              label={`${t('shell.cpu')} ${format.percent(latest.cpuUtilization)}`}
            />
          </span>
          <bdi>{format.percent(latest.cpuUtilization)}</bdi>
          <span>{t('shell.memory')}</span>
          <bdi>{format.percent(latest.memoryUsedBytes / latest.memoryTotalBytes)}</bdi>
          {accelerator?.utilization === null || accelerator === undefined ? null : (
            <>
              <span>{t('shell.gpu')}</span>
              <bdi>{format.percent(accelerator.utilization)}</bdi>
            </>
          )}
        </Link>
      )}
      {latest === undefined ? null : (
        <span className={cx(classes.item, classes.optional)}>
          {t('shell.engine')} <bdi>{format.bytes(latest.engineRssBytes)}</bdi>
        </span>
      )}
      {latest?.diskFreeBytes == null ? null : (
        <span className={cx(classes.item, classes.optional)}>
          {t('shell.diskFree')} <bdi>{format.bytes(latest.diskFreeBytes)}</bdi>
        </span>
      )}
      <span className={classes.space} />
      <span className={cx(classes.path, classes.optional)}>
        <Code>{status.data?.workspace ?? ''}</Code>
      </span>
      <span className={classes.item} title={t('shell.offlineHint')}>
        {health === 'lost' ? (
          <IconPlugConnectedX size={13} aria-hidden />
        ) : (
          <IconDeviceDesktop size={13} aria-hidden />
        )}
        {t('shell.offline')}
      </span>
      <Code>{status.data?.version ?? ''}</Code>
    </footer>
  );
}
