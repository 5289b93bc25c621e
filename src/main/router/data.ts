import type { DomainBuilder } from './domain-builder.ts';
import { answerRead, datasetRead } from './kept-reads.ts';
import type { RoutedEngine } from './routed-engine.ts';

export const dataRouter = ({ data }: DomainBuilder, engine: RoutedEngine) =>
  data.router({
    list: data.list.handler(() => engine.rooms.data.list()),
    get: data.get.handler(({ input }) => engine.rooms.data.get(input)),
    versions: data.versions.handler(({ input }) => engine.rooms.data.versions(input)),
    preview: data.preview.handler(({ input, context: { reader } }) =>
      answerRead(
        { engine, reader },
        async () => datasetRead(await engine.rooms.data.get(input)),
        () => engine.rooms.data.preview(input),
      ),
    ),
    peek: data.peek.handler(({ input, signal }) => engine.rooms.data.peek(input, { signal })),
    profile: data.profile.handler(({ input }) => engine.rooms.data.profile(input)),
    profiles: data.profiles.handler(({ input }) => engine.rooms.data.profiles(input)),
    definition: data.definition.handler(({ input }) => engine.rooms.data.definition(input)),
    import: data.import.handler(({ input }) => engine.rooms.jobs.start('data.import', input)),
    beginUpload: data.beginUpload.handler(() => engine.rooms.data.uploads.begin()),
    addToUpload: data.addToUpload.handler(({ input }) => engine.rooms.data.uploads.add(input)),
    discardUpload: data.discardUpload.handler(({ input }) => engine.rooms.data.uploads.discard(input)),
    importUpload: data.importUpload.handler(({ input }) =>
      engine.rooms.jobs.start('data.import-upload', input),
    ),
    export: data.export.handler(({ input, context }) =>
      engine.rooms.jobs.start('data.export', { ...input, ...context }),
    ),
    remove: data.remove.handler(({ input }) => engine.rooms.data.remove(input)),
  });
