import { createHash } from 'node:crypto';
import type { DataRoom } from '../data/index.ts';
import type { DataVersion } from '../features/index.ts';
import type { ViewPlan } from './view-plans.ts';

/** Which definitions and versions of data answers come from. */
export interface AnswerSources {
  /** SHA-256 over the definitions of the views and the content of the datasets behind them. Pushed rows, which never rest, are not in it. */
  readonly digest: string;
  readonly data: readonly DataVersion[];
}

type AnsweredView = Pick<ViewPlan, 'whole' | 'definition' | 'source'>;

/** @param versionOf the version that a view's answers come from; undefined where it has none, or none any more. */
export function answerSources(
  views: readonly AnsweredView[],
  data: Pick<DataRoom, 'list' | 'versions'>,
  versionOf: (view: AnsweredView) => number | undefined,
): AnswerSources {
  const datasets = new Set(data.list().map(({ name }) => name));
  const read = new Map<string, DataVersion>();
  const facts = views.map((view) => {
    const { source, definition, whole } = view;
    const wanted = versionOf(view);
    const version =
      source === null || source.pushed || !datasets.has(source.name)
        ? undefined
        : data.versions({ name: source.name }).find((one) => one.version === wanted);
    if (version !== undefined) {
      const { name, digest } = version;
      read.set(`${name}@${version.version}`, { name, version: version.version, digest });
    }
    return [whole.view.name, definition, version?.digest ?? null];
  });
  const text = JSON.stringify([...new Set(facts.map((fact) => JSON.stringify(fact)))].sort());
  return { digest: createHash('sha256').update(text).digest('hex'), data: [...read.values()] };
}
