import type { DomainBuilder } from './domain-builder.ts';
import type { RoutedEngine } from './routed-engine.ts';

export const auditRouter = ({ audit }: DomainBuilder, engine: RoutedEngine) =>
  audit.router({
    list: audit.list.handler(({ input }) => engine.rooms.audit.list(input)),
    verify: audit.verify.handler(() => engine.rooms.audit.verify()),
    proof: audit.proof.handler(({ input }) => engine.rooms.audit.proof(input)),
  });
