import type { DomainBuilder } from './domain-builder.ts';
import type { RoutedEngine } from './routed-engine.ts';

export const workspaceRouter = ({ workspace }: DomainBuilder, engine: RoutedEngine) =>
  workspace.router({
    status: workspace.status.handler(({ input }) => engine.status(input)),
    create: workspace.create.handler(({ input }) => engine.create(input)),
    unlock: workspace.unlock.handler(({ input }) => engine.unlock(input)),
    lock: workspace.lock.handler(({ input }) => engine.lock(input)),
    slots: workspace.slots.handler(({ input }) => engine.slots(input)),
    storage: workspace.storage.handler(({ input }) => engine.storage(input)),
    doctor: workspace.doctor.handler(({ input }) => engine.doctor(input)),
  });
