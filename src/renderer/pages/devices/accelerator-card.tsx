import { useTranslation } from 'react-i18next';
import type {
  Accelerator,
  DeviceProcess,
  KernelLogAccess,
  TelemetrySample,
} from '../../../shared/contract/types.ts';
import { Code } from '../../components/code.tsx';
import { Stat, StatRow } from '../../components/stat.tsx';
import { StatusBadge } from '../../components/status-badge.tsx';
import { useDeviceText } from '../../components/use-device-text.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './devices.module.css';
import { HealthSection } from './health-section.tsx';
import { LiveStrip } from './live-strip.tsx';
import { ProcessTable } from './process-table.tsx';
import { ThrottleLine } from './throttle-line.tsx';

export interface AcceleratorCardProps {
  readonly accelerator: Accelerator;
  readonly kernelLog: KernelLogAccess;
  readonly processes: readonly DeviceProcess[];
}

/** One accelerator: what it is, whether it was proved to compute, what it does now, who uses it. */
export function AcceleratorCard({ accelerator, kernelLog, processes }: AcceleratorCardProps) {
  const { t } = useTranslation();
  const format = useFormat();
  const deviceText = useDeviceText();
  const { id, memoryTotalBytes, memoryFreeBytes, powerLimitWatts } = accelerator;
  const load = (sample: TelemetrySample) => sample.accelerators.find((candidate) => candidate.id === id);
  return (
    <article className={classes.card}>
      <header className={classes.cardHead}>
        <h2>
          <bdi>{accelerator.name}</bdi>
        </h2>
        <span className={classes.kind}>
          <Code>{accelerator.kind}</Code>
        </span>
        <StatusBadge tone={accelerator.verified ? 'good' : 'unknown'}>
          {t(accelerator.verified ? 'devices.verified' : 'devices.unverified')}
        </StatusBadge>
      </header>
      <p className={classes.reason}>{deviceText(accelerator.messages)}</p>
      {accelerator.software ? null : <HealthSection health={accelerator.health} kernelLog={kernelLog} />}
      <StatRow>
        {memoryFreeBytes === null ? null : (
          <Stat
            label={t('devices.memoryFree')}
            {...(memoryTotalBytes === null
              ? {}
              : { note: t('devices.ofMemory', { total: format.bytes(memoryTotalBytes) }) })}
          >
            {format.bytes(memoryFreeBytes)}
          </Stat>
        )}
        {accelerator.driverVersion === null ? null : (
          <Stat label={t('devices.driver')} plain>
            <Code>{accelerator.driverVersion}</Code>
          </Stat>
        )}
        {accelerator.computeCapability === null ? null : (
          <Stat label={t('devices.capability')} plain>
            <Code>{accelerator.computeCapability}</Code>
          </Stat>
        )}
        <Stat label={t('devices.sources')} plain>
          <Code>{accelerator.sources.join(', ')}</Code>
        </Stat>
      </StatRow>
      <LiveStrip
        label={t('devices.load')}
        tone="cpu"
        value={(sample) => mapKnown(load(sample)?.utilization, (share) => format.percent(share))}
        share={(sample) => load(sample)?.utilization ?? null}
      />
      <LiveStrip
        label={t('shell.memory')}
        tone="memory"
        value={(sample) => mapKnown(load(sample)?.memoryUsedBytes, (bytes) => format.bytes(bytes))}
        share={(sample) =>
          mapKnown(load(sample)?.memoryUsedBytes, (bytes) => bytes / (memoryTotalBytes ?? bytes))
        }
      />
      <LiveStrip
        label={t('devices.power')}
        tone="power"
        value={(sample) => mapKnown(load(sample)?.powerWatts, (watts) => `${format.integer(watts)} W`)}
        share={(sample) => mapKnown(load(sample)?.powerWatts, (watts) => watts / (powerLimitWatts ?? 400))}
      />
      <LiveStrip
        label={t('devices.temperature')}
        tone="engine"
        value={(sample) =>
          mapKnown(load(sample)?.temperatureCelsius, (celsius) => `${format.integer(celsius)} °C`)
        }
        share={(sample) => mapKnown(load(sample)?.temperatureCelsius, (celsius) => celsius / 110)}
      />
      <ThrottleLine device={id} />
      <ProcessTable processes={processes} />
    </article>
  );
}

/** Unknown stays unknown: never a 0 in its place. */
const mapKnown = <T,>(value: number | null | undefined, change: (known: number) => T): T | null =>
  value === null || value === undefined ? null : change(value);
