import { startsProgram } from '../../shared/definitions/training.ts';
import { programsForbidden } from '../../shared/programs-forbidden.ts';
import type { DomainBuilder } from './domain-builder.ts';
import type { RoutedEngine } from './routed-engine.ts';

export const trainingRouter = ({ training }: DomainBuilder, engine: RoutedEngine) =>
  training.router({
    list: training.list.handler(() => engine.rooms.training.list()),
    get: training.get.handler(({ input }) => engine.rooms.training.get(input)),
    check: training.check.handler(({ input }) => engine.rooms.training.check(input)),
    start: training.start.handler(
      async ({ input: { schedule, environment, ...input }, context: { mayStartPrograms } }) => {
        const { rooms } = engine;
        const isProgram = startsProgram(await rooms.training.get({ name: input.name }));
        if (isProgram && mayStartPrograms === false) throw programsForbidden(`falaj train ${input.name}`);
        const shell =
          isProgram && environment !== undefined
            ? { environmentId: rooms.training.keepEnvironment(environment) }
            : {};
        return rooms.jobs.start('training.run', { ...input, ...shell }, schedule);
      },
    ),
  });
