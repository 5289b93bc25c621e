import type { WorkspaceStatus } from '../../shared/contract/types.ts';
import type { DomainBuilder } from './domain-builder.ts';
import type { RoutedEngine } from './routed-engine.ts';

export const workspaceRouter = (
  { workspace }: DomainBuilder,
  engine: RoutedEngine,
  engineProcess: () => WorkspaceStatus['engine'],
) => {
  const reached = async (status: WorkspaceStatus | Promise<WorkspaceStatus>): Promise<WorkspaceStatus> => ({
    ...(await status),
    engine: engineProcess(),
  });
  return workspace.router({
    status: workspace.status.handler(({ input }) => reached(engine.status(input))),
    create: workspace.create.handler(({ input }) => engine.create(input)),
    unlock: workspace.unlock.handler(({ input }) => reached(engine.unlock(input))),
    lock: workspace.lock.handler(({ input }) => reached(engine.lock(input))),
    slots: workspace.slots.handler(({ input }) => engine.slots(input)),
    storage: workspace.storage.handler(({ input }) => engine.storage(input)),
    doctor: workspace.doctor.handler(({ input }) => engine.doctor(input)),
  });
};
