import { z } from 'zod';
import type { TrainingSet } from '../training-set.ts';

const version = z.object({ name: z.string(), version: z.number().int(), digest: z.string() });

const inputs = z.object({
  /** What the rows were made of. */
  datasets: z.array(version),
  /** What each feature view read. */
  views: z.array(version.extend({ view: z.string() })),
  /** Of the rows with their features, before they are encoded: the same where other versions come to the same values. */
  contentHash: z.string(),
});

/** What the trials of a search read. */
export type SearchInputs = z.infer<typeof inputs>;

/** What the trials that learn from a set read. */
export const searchInputs = ({ datasets, description }: TrainingSet): SearchInputs => ({
  datasets: datasets.map(({ name, version, digest }) => ({ name, version, digest })),
  views: description.data.map(({ view, name, version, digest }) => ({ view, name, version, digest })),
  contentHash: description.output.contentHash,
});

/** What a run says that its trials read; null for one that does not say it. */
export function readInputs(tag: string | undefined): SearchInputs | null {
  if (tag === undefined) return null;
  try {
    return inputs.safeParse(JSON.parse(tag)).data ?? null;
  } catch (error) {
    // Tags may have been written by others.
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** What trials read now and did not read before, as parts of a sentence; nothing where both come to the same. */
export function inputChanges(before: SearchInputs, now: SearchInputs): string[] {
  if (before.contentHash === now.contentHash) return [];
  const datasets = now.datasets.flatMap(({ name, ...own }) => {
    const was = before.datasets.find((one) => one.name === name);
    return was === undefined || was.digest === own.digest
      ? []
      : [`the dataset ${name} is version ${own.version} and was version ${was.version}`];
  });
  const views = now.views.flatMap(({ view, name, ...own }) => {
    const was = before.views.find((one) => one.view === view);
    if (was === undefined || was.digest === own.digest) return [];
    const versions =
      was.version === own.version ? '' : `, ${name} is version ${own.version} and was version ${was.version}`;
    return [`the history of the feature view ${view} has changed${versions}`];
  });
  const changes = [...datasets, ...views];
  return changes.length > 0 ? changes : ['its features have other values'];
}
