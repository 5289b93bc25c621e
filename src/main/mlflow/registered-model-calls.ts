import { z } from 'zod';
import { FalajError } from '../../shared/errors.ts';
import { nameSchema } from '../../shared/names.ts';
import { type Call, call } from './call.ts';
import { list, recordOf, text } from './wire-input.ts';
import { latestVersions, wireModel, wireVersion } from './wire-model.ts';
import { wirePage } from './wire-output.ts';
import {
  byName,
  byVersion,
  description,
  givenTags,
  named,
  newAlias,
  refusePrompt,
  searched,
  searchOf,
  stage,
  tagValue,
} from './wire-registry-input.ts';

export const registeredModelCalls: readonly Call[] = [
  call(
    'POST registered-models/create',
    z.object({ name: nameSchema, tags: givenTags, description: description.default('') }),
    ({ registry }, input) => {
      refusePrompt(input.tags);
      const model = registry.names.create({ ...input, tags: recordOf(input.tags, 'tags') });
      return { registered_model: wireModel(registry, model) };
    },
  ),
  call('GET registered-models/get', byName, ({ registry }, input) => ({
    registered_model: wireModel(registry, registry.model(input.name)),
  })),
  ...(['POST', 'GET'] as const).map((method) =>
    call(`${method} registered-models/search`, searched, ({ registry }, input) => {
      const page = registry.searchModels(searchOf(input));
      return {
        registered_models: page.items.map((model) => wireModel(registry, model)),
        ...wirePage(page.nextPageToken),
      };
    }),
  ),
  ...(['POST', 'GET'] as const).map((method) =>
    call(
      `${method} registered-models/get-latest-versions`,
      byName.extend({ stages: list(stage) }),
      ({ registry }, input) => ({
        model_versions: latestVersions(
          registry,
          input.name,
          input.stages.length === 0 ? undefined : input.stages,
        ).map(wireVersion),
      }),
    ),
  ),
  call(
    'PATCH registered-models/update',
    byName.extend({ description: description.default('') }),
    ({ registry }, input) => {
      registry.labels.describe({ name: input.name, version: null }, input.description);
      return { registered_model: wireModel(registry, registry.model(input.name)) };
    },
  ),
  call('POST registered-models/rename', byName.extend({ new_name: nameSchema }), ({ registry }, input) => ({
    registered_model: wireModel(registry, registry.names.rename(input.name, input.new_name)),
  })),
  call('DELETE registered-models/delete', byName, ({ registry }, input) => {
    registry.names.remove(input.name);
    return {};
  }),
  call(
    'POST registered-models/set-tag',
    byName.extend({ key: named, value: tagValue }),
    ({ registry }, input) => {
      registry.labels.setTag({ name: input.name, version: null }, input.key, input.value);
      return {};
    },
  ),
  call('DELETE registered-models/delete-tag', byName.extend({ key: named }), ({ registry }, input) => {
    // Clients take it for done when there is nothing to remove.
    if (Object.hasOwn(registry.model(input.name).tags, input.key))
      registry.labels.removeTag({ name: input.name, version: null }, input.key);
    return {};
  }),
  call('GET registered-models/alias', byName.extend({ alias: text }), ({ registry }, input) => {
    const { aliases } = registry.model(input.name);
    if (!Object.hasOwn(aliases, input.alias))
      throw new FalajError('NOT_FOUND', `The model ${input.name} has no alias ${input.alias}.`);
    return { model_version: wireVersion(registry.version(input.name, aliases[input.alias]!)) };
  }),
  call('POST registered-models/alias', byVersion.extend({ alias: newAlias }), ({ registry }, input) => {
    registry.alias(input);
    return {};
  }),
  call('DELETE registered-models/alias', byName.extend({ alias: text }), ({ registry }, input) => {
    if (Object.hasOwn(registry.model(input.name).aliases, input.alias)) registry.removeAlias(input);
    return {};
  }),
];
