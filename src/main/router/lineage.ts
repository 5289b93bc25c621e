import type { DomainBuilder } from './domain-builder.ts';
import type { RoutedEngine } from './routed-engine.ts';

export const lineageRouter = ({ lineage }: DomainBuilder, engine: RoutedEngine) =>
  lineage.router({
    of: lineage.of.handler(({ input }) => engine.rooms.lineage.of(input)),
  });
