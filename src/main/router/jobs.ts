import { programsForbidden } from '../../shared/programs-forbidden.ts';
import type { DomainBuilder } from './domain-builder.ts';
import type { RoutedEngine } from './routed-engine.ts';

export const jobsRouter = ({ jobs }: DomainBuilder, engine: RoutedEngine) =>
  jobs.router({
    list: jobs.list.handler(({ input }) => engine.rooms.jobs.list(input)),
    get: jobs.get.handler(({ input }) => engine.rooms.jobs.get(input)),
    logs: jobs.logs.handler(({ input }) => engine.rooms.jobs.logs(input)),
    cancel: jobs.cancel.handler(({ input }) => engine.rooms.jobs.cancel(input)),
    slots: jobs.slots.handler(() => engine.rooms.jobs.slots()),
    pause: jobs.pause.handler(({ input }) => engine.rooms.jobs.pause(input)),
    resume: jobs.resume.handler(({ input }) => engine.rooms.jobs.resume(input)),
    prioritize: jobs.prioritize.handler(({ input }) => engine.rooms.jobs.prioritize(input)),
    // Resuming is steering: what is resumed was begun on the machine itself. Trying again begins it anew.
    retry: jobs.retry.handler(({ input, context: { mayStartPrograms } }) => {
      const { jobs } = engine.rooms;
      if (mayStartPrograms === false && jobs.startsProgram(input))
        throw programsForbidden(`falaj jobs retry ${input.id}`);
      return jobs.retry(input);
    }),
  });
