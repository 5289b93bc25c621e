import type { DomainBuilder } from './domain-builder.ts';
import { followLive } from './follow-live.ts';
import type { RoutedEngine } from './routed-engine.ts';

export const liveRouter = ({ live }: DomainBuilder, engine: RoutedEngine) =>
  live.router({
    follow: live.follow.handler(({ input, signal }) =>
      followLive(engine, input.topics, signal === undefined ? {} : { signal }),
    ),
  });
