export { DeviceRoom, type TelemetrySubscription } from './device-room.ts';
export { devicesJobs } from './devices-jobs.ts';
export { gpuSlots } from './gpu-slots.ts';
export type {
  CommandResult,
  DeviceRoomOptions,
  FollowCommand,
  HostFacts,
  ProbeChild,
  RunCommand,
  SpawnProbe,
} from './surroundings.ts';
