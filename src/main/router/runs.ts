import type { DomainBuilder } from './domain-builder.ts';
import type { RoutedEngine } from './routed-engine.ts';

export const runsRouter = ({ runs }: DomainBuilder, engine: RoutedEngine) =>
  runs.router({
    experiments: runs.experiments.handler(() => engine.rooms.tracking.experiments()),
    list: runs.list.handler(({ input }) => engine.rooms.tracking.list(input)),
    search: runs.search.handler(({ input }) => engine.rooms.tracking.search(input)),
    names: runs.names.handler(() => engine.rooms.tracking.names()),
    several: runs.several.handler(({ input }) => engine.rooms.tracking.several(input)),
    series: runs.series.handler(({ input }) => engine.rooms.tracking.series(input)),
    get: runs.get.handler(({ input }) => engine.rooms.tracking.get(input)),
    trials: runs.trials.handler(({ input }) => engine.rooms.training.trials(input)),
    history: runs.history.handler(({ input }) => engine.rooms.tracking.history(input)),
    curves: runs.curves.handler(({ input }) => engine.rooms.tracking.curves(input)),
    curvesOf: runs.curvesOf.handler(({ input }) => engine.rooms.tracking.curvesOf(input)),
    preview: runs.preview.handler(({ input }) => engine.rooms.tracking.preview(input)),
    evaluation: runs.evaluation.handler(({ input }) => engine.rooms.tracking.evaluation(input)),
    export: runs.export.handler(({ input }) => engine.rooms.jobs.start('runs.export', input)),
    import: runs.import.handler(({ input }) =>
      engine.rooms.jobs.start('runs.import', engine.rooms.tracking.credentials.withhold(input)),
    ),
    remove: runs.remove.handler(({ input }) => engine.rooms.tracking.remove(input)),
  });
