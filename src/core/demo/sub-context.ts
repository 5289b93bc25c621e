import type { JobContext } from '../jobs/index.ts';

/** The context of a part of a job: its 0 to 1 becomes the part's share of the whole, under the part's own step. */
export function subContext(
  context: JobContext,
  step: string,
  [from, to]: readonly [number, number],
): JobContext {
  return {
    id: context.id,
    signal: context.signal,
    log: (level, text) => context.log(level, text),
    ...(context.keep === undefined ? {} : { keep: (work) => context.keep!(work) }),
    progress: ({ fraction, step: inner, ...rest }) =>
      context.progress({
        ...rest,
        step,
        fraction: from + (to - from) * Math.min(1, Math.max(0, fraction ?? 0)),
        detail: rest.detail ?? inner ?? '',
      }),
  };
}
