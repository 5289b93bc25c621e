import type { DomainBuilder } from './domain-builder.ts';
import type { RoutedEngine } from './routed-engine.ts';

export const devicesRouter = ({ devices }: DomainBuilder, engine: RoutedEngine) =>
  devices.router({
    list: devices.list.handler(() => engine.devices.list()),
    processes: devices.processes.handler(() => engine.devices.processes()),
    canRun: devices.canRun.handler(({ input }) => engine.rooms.placement.canRun(input)),
    verify: devices.verify.handler(({ input }) => engine.rooms.jobs.start('devices.verify', input)),
  });
