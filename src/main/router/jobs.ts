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
    retry: jobs.retry.handler(({ input }) => engine.rooms.jobs.retry(input)),
  });
