import type { DomainBuilder } from './domain-builder.ts';
import type { RoutedEngine } from './routed-engine.ts';

export const monitoringRouter = ({ monitoring }: DomainBuilder, engine: RoutedEngine) =>
  monitoring.router({
    list: monitoring.list.handler(() => engine.rooms.monitoring.list()),
    get: monitoring.get.handler(({ input }) => engine.rooms.monitoring.get(input)),
    check: monitoring.check.handler(({ input }) => engine.rooms.jobs.start('drift.check', input)),
  });
