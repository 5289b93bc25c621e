import { z } from 'zod';
import { requireArtifactPath } from '../../core/tracking/index.ts';
import { type Call, call } from './call.ts';
import { key, list, maxResults, pair, recordOf, text } from './wire-input.ts';
import { loggedModelUri, wireLoggedModel, wirePage } from './wire-output.ts';

const byId = z.object({ model_id: text });
const MODELS_PAGE = 50;

export const loggedModelCalls: readonly Call[] = [
  call(
    'POST logged-models',
    z.object({
      experiment_id: text,
      name: text.optional(),
      model_type: text.optional(),
      source_run_id: text.optional(),
      params: list(pair),
      tags: list(pair),
    }),
    ({ tracking }, input) => ({
      model: wireLoggedModel(
        tracking.models.create({
          experimentId: input.experiment_id,
          name: input.name,
          modelType: input.model_type,
          runId: input.source_run_id,
          params: recordOf(input.params, 'params'),
          tags: recordOf(input.tags, 'tags'),
        }),
      ),
    }),
  ),
  call(
    'POST logged-models/search',
    z.object({
      experiment_ids: list(text),
      filter: text.optional(),
      max_results: maxResults(MODELS_PAGE),
      order_by: list(z.object({ field_name: text, ascending: z.boolean().default(true) })),
      page_token: text.optional(),
    }),
    ({ tracking }, input) => {
      const page = tracking.models.search({
        experimentIds: input.experiment_ids,
        filter: input.filter,
        limit: input.max_results,
        orderBy: input.order_by.map((each) => `${each.field_name} ${each.ascending ? 'ASC' : 'DESC'}`),
        pageToken: input.page_token,
      });
      return { models: page.items.map(wireLoggedModel), ...wirePage(page.nextPageToken) };
    },
  ),
  call('GET logged-models/{model_id}', byId, ({ tracking }, input) => ({
    model: wireLoggedModel(tracking.models.get(input.model_id)),
  })),
  call(
    'PATCH logged-models/{model_id}',
    byId.extend({
      status: z.enum(['LOGGED_MODEL_PENDING', 'LOGGED_MODEL_READY', 'LOGGED_MODEL_UPLOAD_FAILED']),
    }),
    ({ tracking }, input) => ({
      model: wireLoggedModel(tracking.models.setStatus(input.model_id, input.status)),
    }),
  ),
  call('DELETE logged-models/{model_id}', byId, ({ tracking }, input) => {
    tracking.models.remove(input.model_id);
    return {};
  }),
  call('POST logged-models/{model_id}/params', byId.extend({ params: list(pair) }), ({ tracking }, input) => {
    tracking.models.addParams(input.model_id, recordOf(input.params, 'params'));
    return {};
  }),
  call('PATCH logged-models/{model_id}/tags', byId.extend({ tags: list(pair) }), ({ tracking }, input) => ({
    model: wireLoggedModel(tracking.models.setTags(input.model_id, recordOf(input.tags, 'tags'))),
  })),
  call('DELETE logged-models/{model_id}/tags/{key}', byId.extend({ key }), ({ tracking }, input) => {
    tracking.models.deleteTag(input.model_id, input.key);
    return {};
  }),
  call(
    'GET logged-models/{model_id}/artifacts/directories',
    byId.extend({ artifact_directory_path: text.default('') }),
    ({ tracking }, input) => {
      const model = tracking.models.get(input.model_id);
      if (input.artifact_directory_path !== '') requireArtifactPath(input.artifact_directory_path);
      const files = tracking.files.list({ kind: 'model', id: model.id }, input.artifact_directory_path);
      return {
        root_uri: loggedModelUri(model),
        files: files.map(({ path, isFolder, sizeBytes }) => ({
          path,
          is_dir: isFolder,
          ...(isFolder ? {} : { file_size: sizeBytes }),
        })),
      };
    },
  ),
];
