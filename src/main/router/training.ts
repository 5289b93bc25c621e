import type { DomainBuilder } from './domain-builder.ts';
import type { RoutedEngine } from './routed-engine.ts';

export const trainingRouter = ({ training }: DomainBuilder, engine: RoutedEngine) =>
  training.router({
    list: training.list.handler(() => engine.rooms.training.list()),
    get: training.get.handler(({ input }) => engine.rooms.training.get(input)),
    check: training.check.handler(({ input }) => engine.rooms.training.check(input)),
    start: training.start.handler(({ input: { schedule, ...input } }) =>
      engine.rooms.jobs.start('training.run', input, schedule),
    ),
  });
