import type { DeviceProcess } from '../../../shared/contract/types.ts';

/** How a process uses a device, before it is known who the process is. */
export type DeviceUse = Pick<DeviceProcess, 'device' | 'pid' | 'name' | 'memoryBytes' | 'utilization'>;
