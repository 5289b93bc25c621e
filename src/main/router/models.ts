import type { DomainBuilder } from './domain-builder.ts';
import type { RoutedEngine } from './routed-engine.ts';

export const modelsRouter = ({ models }: DomainBuilder, engine: RoutedEngine) =>
  models.router({
    list: models.list.handler(() => engine.rooms.registry.list()),
    versions: models.versions.handler(({ input }) => engine.rooms.registry.versions(input)),
    get: models.get.handler(({ input }) => engine.rooms.registry.get(input)),
    verify: models.verify.handler(({ input }) => engine.rooms.jobs.start('models.verify', input)),
    alias: models.alias.handler(({ input }) => engine.rooms.registry.alias(input)),
    removeAlias: models.removeAlias.handler(({ input }) => engine.rooms.registry.removeAlias(input)),
    export: models.export.handler(({ input }) => engine.rooms.jobs.start('models.export', input)),
    predict: models.predict.handler(({ input }) => engine.rooms.jobs.start('models.predict', input)),
    explain: models.explain.handler(({ input }) => engine.rooms.jobs.start('models.explain', input)),
    remove: models.remove.handler(({ input }) => engine.rooms.registry.remove(input)),
    removeModel: models.removeModel.handler(({ input }) => engine.rooms.registry.removeModel(input)),
  });
