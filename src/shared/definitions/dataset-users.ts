interface ReadingView {
  readonly definition: { readonly name: string; readonly source: { readonly dataset?: string | undefined } };
}
interface ReadingTraining {
  readonly name: string;
  readonly entities: { readonly dataset: string };
}

/** The views and trainings that read a dataset themselves, by name. */
export function datasetUsers(
  dataset: string,
  views: readonly ReadingView[],
  trainings: readonly ReadingTraining[],
): { readonly views: string[]; readonly trainings: string[] } {
  return {
    views: views
      .filter(({ definition }) => definition.source.dataset === dataset)
      .map((view) => view.definition.name),
    trainings: trainings.filter(({ entities }) => entities.dataset === dataset).map(({ name }) => name),
  };
}
