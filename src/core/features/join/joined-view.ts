import type { FeatureViewDefinition } from '../../../shared/definitions/features.ts';

export const PUSHED_EVENT_TIME = 'event_time';
export const PUSHED_KNOWN_TIME = 'known_time';

/** No dataset can have such a name. */
export const PUSHED_PREFIX = 'push:';

/** The view as a join reads it: pushed rows are a dataset under a name of their own. */
export function joinedView(view: FeatureViewDefinition): FeatureViewDefinition {
  const { source } = view;
  if (source.push !== true) return view;
  return {
    ...view,
    source: {
      ...source,
      dataset: `${PUSHED_PREFIX}${view.name}`,
      eventTime: PUSHED_EVENT_TIME,
      knownTime: PUSHED_KNOWN_TIME,
    },
  };
}
