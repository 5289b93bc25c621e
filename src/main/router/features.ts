import type { DomainBuilder } from './domain-builder.ts';
import type { RoutedEngine } from './routed-engine.ts';

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
    sample: features.sample.handler(({ input }) => engine.rooms.features.sample(input)),
    statistics: features.statistics.handler(({ input }) => engine.rooms.features.statistics(input)),
    asOf: features.asOf.handler(({ input }) => engine.rooms.online.asOf(input)),
    historical: features.historical.handler(({ input }) =>
      engine.rooms.jobs.start('features.historical', input),
    ),
    check: features.check.handler(({ input }) => engine.rooms.jobs.start('features.check', input)),
    checkedRows: features.checkedRows.handler(({ input }) => engine.rooms.features.checkedRows(input)),
    sets: features.sets.handler(() => engine.rooms.features.sets()),
    receipt: features.receipt.handler(({ input }) => engine.rooms.features.receipt(input)),
    verify: features.verify.handler(({ input }) => engine.rooms.jobs.start('features.verify', input)),
    online: features.online.handler(({ input }) => engine.rooms.online.online(input)),
    onlineState: features.onlineState.handler(({ input }) => engine.rooms.online.state(input)),
    push: features.push.handler(({ input }) => engine.rooms.online.push(input)),
    pushFile: features.pushFile.handler(({ input }) => engine.rooms.jobs.start('features.push-file', input)),
    materialize: features.materialize.handler(({ input }) =>
      engine.rooms.jobs.start('features.materialize', input),
    ),
    plan: features.plan.handler(({ input }) => engine.rooms.features.plan(input)),
    apply: features.apply.handler(({ input }) => engine.rooms.features.apply(input)),
  });
