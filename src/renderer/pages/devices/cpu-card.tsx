import { useTranslation } from 'react-i18next';
import { useStore } from 'zustand';
import type { CpuInfo, MemoryInfo } from '../../../shared/contract/types.ts';
import { Labels } from '../../components/labels.tsx';
import { Stat, StatRow } from '../../components/stat.tsx';
import { useEngine } from '../../engine/engine-context.tsx';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './devices.module.css';
import { LiveStrip } from './live-strip.tsx';

export function CpuCard({ cpus, memory }: { readonly cpus: CpuInfo; readonly memory: MemoryInfo }) {
  const { t } = useTranslation();
  const format = useFormat();
  const limitBytes = memory.cgroupLimitBytes ?? memory.totalBytes;
  return (
    <article className={classes.card}>
      <header className={classes.cardHead}>
        <h2>
          <bdi>{cpus.model}</bdi>
        </h2>
        <span className={classes.kind}>CPU</span>
      </header>
      <StatRow>
        <Stat label={t('devices.usable')} note={t('devices.ofCores', { count: cpus.logicalCores })}>
          {format.number(cpus.effectiveCores)}
        </Stat>
        <Stat
          label={t('devices.memoryFree')}
          note={t('devices.ofMemory', { total: format.bytes(limitBytes) })}
        >
          {format.bytes(Math.min(memory.availableBytes, limitBytes))}
        </Stat>
      </StatRow>
      <LiveStrip
        label={t('devices.load')}
        tone="cpu"
        value={({ cpuUtilization }) => format.percent(cpuUtilization)}
        share={({ cpuUtilization }) => cpuUtilization}
      />
      <LiveStrip
        label={t('shell.memory')}
        tone="memory"
        value={({ memoryUsedBytes }) => format.bytes(memoryUsedBytes)}
        share={({ memoryUsedBytes, memoryTotalBytes }) => memoryUsedBytes / memoryTotalBytes}
      />
      <LiveStrip
        label={t('shell.engine')}
        tone="engine"
        value={({ engineRssBytes }) => format.bytes(engineRssBytes)}
        share={({ engineRssBytes, memoryTotalBytes }) => engineRssBytes / memoryTotalBytes}
      />
      <Cores />
      <Labels values={cpus.instructionSets} />
    </article>
  );
}

/** One bar per core, live. */
function Cores() {
  const { t } = useTranslation();
  const format = useFormat();
  const { telemetry } = useEngine();
  const cores = useStore(telemetry, (state) => state.samples.at(-1)?.cpuPerCore);
  if (cores === undefined) return null;
  return (
    <div className={classes.cores} dir="ltr" role="img" aria-label={t('devices.perCore')}>
      {cores.map((load, core) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a core is its place
        <span key={core} title={`${String(core)}: ${format.percent(load)}`}>
          <span style={{ blockSize: `${load * 100}%` }} />
        </span>
      ))}
    </div>
  );
}
