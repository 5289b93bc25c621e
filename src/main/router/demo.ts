import type { DomainBuilder } from './domain-builder.ts';
import type { RoutedEngine } from './routed-engine.ts';

export const demoRouter = ({ demo }: DomainBuilder, engine: RoutedEngine) =>
  demo.router({
    start: demo.start.handler(({ input }) => engine.rooms.jobs.start('demo.run', input)),
  });
