import type { DomainBuilder } from './domain-builder.ts';
import type { RoutedEngine } from './routed-engine.ts';

export const workspaceRouter = ({ workspace }: DomainBuilder, engine: RoutedEngine) =>
  workspace.router({
    status: workspace.status.handler(() => engine.status()),
    session: workspace.session.handler(({ context: { mayStartPrograms } }) => ({
      mayStartPrograms: mayStartPrograms !== false,
    })),
    create: workspace.create.handler(({ input }) => engine.create(input)),
    unlock: workspace.unlock.handler(({ input }) => engine.unlock(input)),
    lock: workspace.lock.handler(() => engine.lock()),
    replaceRecoveryKey: workspace.replaceRecoveryKey.handler(({ input }) => engine.replaceRecoveryKey(input)),
    changePassphrase: workspace.changePassphrase.handler(({ input }) => engine.changePassphrase(input)),
    slots: workspace.slots.handler(() => engine.slots()),
    storage: workspace.storage.handler(() => engine.storage()),
    doctor: workspace.doctor.handler(() => engine.doctor()),
  });
