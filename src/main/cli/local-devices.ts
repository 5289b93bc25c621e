import { DeviceRoom } from '../../core/devices/index.ts';
import { spawnIsolated } from '../../core/processes/index.ts';
import type { TelemetrySample } from '../../shared/contract/types.ts';

/** This machine's devices without an engine or a workspace. */
export const openDevices = (onSample: (sample: TelemetrySample) => void = () => undefined): DeviceRoom =>
  new DeviceRoom({
    clock: Date.now,
    notify: () => undefined, // nobody lists here
    publish: (event) => {
      if (event.topic === 'telemetry') onSample(event.sample);
    },
    spawn: spawnIsolated,
  });
