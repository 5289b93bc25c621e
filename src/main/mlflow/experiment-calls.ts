import { z } from 'zod';
import { FalajError } from '../../shared/errors.ts';
import { type Call, call } from './call.ts';
import { key, list, maxResults, pair, recordOf, text, viewType } from './wire-input.ts';
import { wireExperiment, wirePage } from './wire-output.ts';

const NAME_LENGTH = 500;
const name = z.string().min(1).max(NAME_LENGTH);
const byId = z.object({ experiment_id: text });

const searched = z.object({
  max_results: maxResults(1000),
  page_token: text.optional(),
  filter: text.optional(),
  order_by: list(text),
  view_type: viewType,
});

export const experimentCalls: readonly Call[] = [
  call('GET experiments/get-by-name', z.object({ experiment_name: text }), ({ tracking }, input) => ({
    experiment: wireExperiment(tracking.groups.byName(input.experiment_name)),
  })),
  call(
    'POST experiments/create',
    z.object({ name, artifact_location: text.optional(), tags: list(pair) }),
    ({ tracking }, input) => ({
      experiment_id: tracking.groups.create({
        name: input.name,
        artifactLocation: foreignLocation(input.artifact_location),
        tags: recordOf(input.tags, 'tags'),
      }),
    }),
  ),
  call('GET experiments/get', byId, ({ tracking }, input) => ({
    experiment: wireExperiment(tracking.groups.get(input.experiment_id)),
  })),
  ...(['POST', 'GET'] as const).map((method) =>
    call(`${method} experiments/search`, searched, ({ tracking }, input) => {
      const page = tracking.groups.search({
        filter: input.filter,
        orderBy: input.order_by,
        view: input.view_type,
        limit: input.max_results,
        pageToken: input.page_token,
      });
      return { experiments: page.items.map(wireExperiment), ...wirePage(page.nextPageToken) };
    }),
  ),
  call('POST experiments/delete', byId, ({ tracking }, input) => {
    tracking.groups.setLifecycle(input.experiment_id, 'deleted');
    return {};
  }),
  call('POST experiments/restore', byId, ({ tracking }, input) => {
    tracking.groups.setLifecycle(input.experiment_id, 'active');
    return {};
  }),
  call('POST experiments/update', byId.extend({ new_name: name }), ({ tracking }, input) => {
    tracking.groups.rename(input.experiment_id, input.new_name);
    return {};
  }),
  call(
    'POST experiments/set-experiment-tag',
    byId.extend({ key, value: pair.shape.value }),
    ({ tracking }, input) => {
      tracking.groups.setTag(input.experiment_id, input.key, input.value);
      return {};
    },
  ),
  call('POST experiments/delete-experiment-tag', byId.extend({ key }), ({ tracking }, input) => {
    tracking.groups.deleteTag(input.experiment_id, input.key);
    return {};
  }),
];

/** A place elsewhere is the client's own affair. Behind the proxy every experiment has its own place, which is not chosen. */
function foreignLocation(location: string | undefined): string | null {
  if (location === undefined || location === '') return null;
  if (location.startsWith('mlflow-artifacts:'))
    throw new FalajError(
      'BAD_INPUT',
      'artifact_location: the place behind mlflow-artifacts: is not chosen.',
      {
        hint: 'Leave it out.',
      },
    );
  return location.replace(/\/+$/, '');
}
