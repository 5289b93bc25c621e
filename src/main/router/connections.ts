import type { DomainBuilder } from './domain-builder.ts';
import type { RoutedEngine } from './routed-engine.ts';

export const connectionsRouter = ({ connections }: DomainBuilder, engine: RoutedEngine) =>
  connections.router({
    list: connections.list.handler(() => engine.rooms.connections.list()),
    add: connections.add.handler(({ input }) => engine.rooms.connections.add(input)),
    check: connections.check.handler(({ input }) => engine.rooms.jobs.start('connections.check', input)),
    peek: connections.peek.handler(({ input, signal }) => engine.rooms.connections.peek(input, { signal })),
    import: connections.import.handler(({ input }) => engine.rooms.jobs.start('connections.import', input)),
    remove: connections.remove.handler(({ input }) => engine.rooms.connections.remove(input)),
  });
