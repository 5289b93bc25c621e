import type { DomainBuilder } from './domain-builder.ts';
import type { RoutedEngine } from './routed-engine.ts';

export const tokensRouter = ({ tokens }: DomainBuilder, engine: RoutedEngine) =>
  tokens.router({
    create: tokens.create.handler(({ input }) => engine.rooms.tokens.create(input)),
    list: tokens.list.handler(() => engine.rooms.tokens.list()),
    revoke: tokens.revoke.handler(({ input }) => engine.rooms.tokens.revoke(input)),
  });
