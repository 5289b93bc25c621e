import { useTranslation } from 'react-i18next';
import { Link } from 'wouter';
import { useStore } from 'zustand';
import type { DeviceReport, TelemetrySample } from '../../../shared/contract/types.ts';
import { Skeleton } from '../../components/skeleton.tsx';
import { Strip, type StripProps } from '../../components/strip.tsx';
import { useEngine } from '../../engine/engine-context.tsx';
import { TELEMETRY_KEPT } from '../../engine/telemetry-store.ts';
import { useFormat } from '../../i18n/use-format.ts';
import classes from './overview.module.css';

interface Meter {
  readonly key: string;
  readonly name: string;
  readonly tone: NonNullable<StripProps['tone']>;
  readonly value: string;
  readonly note: string;
  readonly share: (sample: TelemetrySample) => number | null;
}

/** Two minutes of the machine's load, live. */
export function MachinePanel({ devices }: { readonly devices: DeviceReport | undefined }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { telemetry } = useEngine();
  const samples = useStore(telemetry, (state) => state.samples);
  const latest = samples.at(-1);
  const meters: readonly Meter[] =
    latest === undefined
      ? []
      : [
          {
            key: 'cpu',
            name: t('shell.cpu'),
            tone: 'cpu',
            value: format.percent(latest.cpuUtilization),
            note: t('overview.cores', { count: devices?.cpus.effectiveCores ?? latest.cpuPerCore.length }),
            share: (sample) => sample.cpuUtilization,
          },
          {
            key: 'memory',
            name: t('shell.memory'),
            tone: 'memory',
            value: format.percent(latest.memoryUsedBytes / latest.memoryTotalBytes),
            note: format.bytes(latest.memoryTotalBytes),
            share: (sample) => sample.memoryUsedBytes / sample.memoryTotalBytes,
          },
          ...latest.accelerators.flatMap(({ id, utilization }) => {
            const device = devices?.accelerators.find((candidate) => candidate.id === id);
            if (utilization === null) return [];
            const meter: Meter = {
              key: id,
              name: device?.name ?? id,
              tone: 'power',
              value: format.percent(utilization),
              note: device?.memoryTotalBytes == null ? '' : format.bytes(device.memoryTotalBytes),
              share: (sample) => sample.accelerators.find((load) => load.id === id)?.utilization ?? null,
            };
            return [meter];
          }),
        ];
  return (
    <section className={classes.panel} aria-labelledby="machine">
      <div className={classes.panelHead}>
        <h2 id="machine">{t('overview.machine')}</h2>
        <Link href="/devices">{t('rooms.devices')}</Link>
      </div>
      {meters.length === 0 ? (
        <Skeleton lines={3} />
      ) : (
        <div className={classes.meters}>
          {meters.map((meter) => (
            <MeterRow key={meter.key} meter={meter} samples={samples} />
          ))}
        </div>
      )}
    </section>
  );
}

function MeterRow({
  meter,
  samples,
}: {
  readonly meter: Meter;
  readonly samples: readonly TelemetrySample[];
}) {
  return (
    <>
      <bdi className={classes.meterName} title={meter.name}>
        {meter.name}
      </bdi>
      <span className={classes.meter}>
        <Strip
          values={samples.map(meter.share)}
          capacity={TELEMETRY_KEPT}
          tone={meter.tone}
          label={`${meter.name} ${meter.value}`}
        />
      </span>
      <span className={classes.figure}>
        <bdi>{meter.value}</bdi> <small dir="auto">{meter.note}</small>
      </span>
    </>
  );
}
