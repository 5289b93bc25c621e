import { useStore } from 'zustand';
import type { TelemetrySample } from '../../../shared/contract/types.ts';
import { Strip, type StripProps } from '../../components/strip.tsx';
import { useEngine } from '../../engine/engine-context.tsx';
import { TELEMETRY_KEPT } from '../../engine/telemetry-store.ts';
import classes from './devices.module.css';

export interface LiveStripProps {
  readonly label: string;
  readonly tone: NonNullable<StripProps['tone']>;
  readonly value: (sample: TelemetrySample) => string | null;
  readonly share: (sample: TelemetrySample) => number | null;
}

/** A name, two minutes, the newest value. Nothing at all where the machine does not say. */
export function LiveStrip({ label, tone, value, share }: LiveStripProps) {
  const { telemetry } = useEngine();
  const samples = useStore(telemetry, (state) => state.samples);
  const latest = samples.at(-1);
  const text = latest === undefined ? null : value(latest);
  if (text === null) return null;
  return (
    <div className={classes.live}>
      <span className={classes.liveLabel}>{label}</span>
      <span className={classes.liveStrip}>
        <Strip values={samples.map(share)} capacity={TELEMETRY_KEPT} tone={tone} label={`${label} ${text}`} />
      </span>
      <bdi className={classes.liveValue}>{text}</bdi>
    </div>
  );
}
