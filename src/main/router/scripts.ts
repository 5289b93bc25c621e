import type { DomainBuilder } from './domain-builder.ts';
import type { RoutedEngine } from './routed-engine.ts';

export const scriptsRouter = ({ scripts }: DomainBuilder, engine: RoutedEngine) =>
  scripts.router({
    run: scripts.run.handler(({ input }) => engine.rooms.scripts.start(input)),
    code: scripts.code.handler(({ input }) => engine.rooms.scripts.code(input)),
    rerun: scripts.rerun.handler(({ input }) => engine.rooms.scripts.rerun(input)),
  });
