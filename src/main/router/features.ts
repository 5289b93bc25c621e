import type { z } from 'zod';
import type { onlineInput } from '../../shared/contract/features.ts';
import type { ScriptRead } from '../../shared/contract/types.ts';
import type { DomainBuilder } from './domain-builder.ts';
import { answerRead, featuresName } from './kept-reads.ts';
import type { RoutedEngine } from './routed-engine.ts';

/** A view's features out of its history. */
function pastRead(engine: RoutedEngine, { name }: { readonly name: string }): ScriptRead {
  const { digest, data } = engine.rooms.online.pastSources({ name });
  return { name, source: `/features/views/${name}`, digest, from: [...data] };
}

/** Features as the online store has them. */
function onlineRead(engine: RoutedEngine, input: z.output<typeof onlineInput>): ScriptRead {
  const { digest, data } = engine.rooms.online.sources(input);
  return { name: featuresName(input), source: '/features/online', digest, from: [...data] };
}

export const featuresRouter = ({ features }: DomainBuilder, engine: RoutedEngine) =>
  features.router({
    entities: features.entities.handler(() => engine.rooms.features.entities()),
    views: features.views.handler(() => engine.rooms.features.views()),
    view: features.view.handler(({ input }) => engine.rooms.features.view(input)),
    services: features.services.handler(() => engine.rooms.features.services()),
    service: features.service.handler(({ input }) => engine.rooms.online.service(input)),
    skew: features.skew.handler(({ input }) => engine.rooms.jobs.start('features.skew', input)),
    skewHistory: features.skewHistory.handler(({ input }) => engine.rooms.online.skewHistory(input)),
    skewReport: features.skewReport.handler(({ input }) => engine.rooms.online.skewReport(input)),
    sample: features.sample.handler(({ input, context: { reader } }) =>
      answerRead(
        { engine, reader },
        () => pastRead(engine, input),
        () => engine.rooms.features.sample(input),
      ),
    ),
    statistics: features.statistics.handler(({ input }) => engine.rooms.features.statistics(input)),
    asOf: features.asOf.handler(({ input, context: { reader } }) =>
      answerRead(
        { engine, reader },
        () => pastRead(engine, input),
        () => engine.rooms.online.asOf(input),
      ),
    ),
    historical: features.historical.handler(({ input, context }) =>
      engine.rooms.jobs.start('features.historical', { ...input, ...context }),
    ),
    check: features.check.handler(({ input }) => engine.rooms.jobs.start('features.check', input)),
    checkedRows: features.checkedRows.handler(({ input }) => engine.rooms.features.checkedRows(input)),
    sets: features.sets.handler(() => engine.rooms.features.sets()),
    receipt: features.receipt.handler(({ input }) => engine.rooms.features.receipt(input)),
    verify: features.verify.handler(({ input }) => engine.rooms.jobs.start('features.verify', input)),
    online: features.online.handler(({ input, context: { reader } }) =>
      answerRead(
        { engine, reader },
        () => onlineRead(engine, input),
        () => engine.rooms.online.online(input),
      ),
    ),
    onlineState: features.onlineState.handler(({ input }) => engine.rooms.online.state(input)),
    push: features.push.handler(({ input }) => engine.rooms.online.push(input)),
    pushFile: features.pushFile.handler(({ input }) => engine.rooms.jobs.start('features.push-file', input)),
    materialize: features.materialize.handler(({ input }) =>
      engine.rooms.jobs.start('features.materialize', input),
    ),
    plan: features.plan.handler(async ({ input, context: { mayStartPrograms } }) => {
      await engine.rooms.features.checkExpressions({ ...input, mayStartPrograms });
      return engine.rooms.features.plan({ ...input, mayStartPrograms });
    }),
    apply: features.apply.handler(async ({ input, context: { mayStartPrograms } }) => {
      await engine.rooms.features.checkExpressions({ ...input, mayStartPrograms });
      return engine.rooms.features.apply({ ...input, mayStartPrograms });
    }),
  });
