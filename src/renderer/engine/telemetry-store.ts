import { createStore, type StoreApi } from 'zustand/vanilla';
import type { TelemetrySample } from '../../shared/contract/types.ts';

export interface Telemetry {
  /** Oldest first, about one a second. */
  readonly samples: readonly TelemetrySample[];
}

export const TELEMETRY_KEPT = 120;

/** The last two minutes of the machine's load, shared by the status bar, the overview and the devices page. */
export function createTelemetryStore(): StoreApi<Telemetry> {
  return createStore<Telemetry>(() => ({ samples: [] }));
}

export function appendSample(
  samples: readonly TelemetrySample[],
  sample: TelemetrySample,
): readonly TelemetrySample[] {
  const last = samples.at(-1);
  if (last !== undefined && sample.at <= last.at) return samples;
  return [...samples.slice(-(TELEMETRY_KEPT - 1)), sample];
}
