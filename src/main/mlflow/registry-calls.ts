import { z } from 'zod';
import type { Model, ModelVersion } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { nameSchema } from '../../shared/names.ts';
import { type AccessibleRegistry, type Call, call } from './call.ts';
import { MlflowError } from './mlflow-error.ts';
import { versionFilter } from './version-filter.ts';
import { int64, text } from './wire-input.ts';

const byName = z.object({ name: text });
const version = int64.pipe(z.number().min(1));
const byVersion = byName.extend({ version });

const at = (instant: string): number => Date.parse(instant);

const wireVersion = (item: ModelVersion) => ({
  name: item.name,
  version: String(item.version),
  creation_timestamp: at(item.createdAt),
  last_updated_timestamp: at(item.createdAt),
  current_stage: 'None',
  description: '',
  source: `falaj:/${item.name}/${item.version}`,
  run_id: item.lineage.run ?? '',
  status: 'READY',
  tags: [{ key: 'falaj.digest', value: item.digest }],
  aliases: item.aliases,
});

function modelOf(registry: AccessibleRegistry, name: string): Model {
  const model = registry.list().find((each) => each.name === name);
  if (model !== undefined) return model;
  throw new FalajError('NOT_FOUND', `There is no registered model ${name}.`);
}

function versionOf(registry: AccessibleRegistry, name: string, number: number): ModelVersion {
  modelOf(registry, name);
  const found = registry.versions({ name }).find((each) => each.version === number);
  if (found !== undefined) return found;
  throw new FalajError('NOT_FOUND', `The model ${name} has no version ${number}.`);
}

function wireModel(registry: AccessibleRegistry, model: Model) {
  const newest = registry.versions({ name: model.name })[0];
  return {
    name: model.name,
    creation_timestamp: at(model.updatedAt),
    last_updated_timestamp: at(model.updatedAt),
    description: '',
    latest_versions: newest === undefined ? [] : [wireVersion(newest)],
    tags: [],
    aliases: Object.entries(model.aliases).map(([alias, number]) => ({ alias, version: String(number) })),
  };
}

const searched = z.object({ filter: text.optional() });

/** What this registry does not do, said so that no client takes it for done. */
const refused = (route: string, what: string): Call =>
  call(route, z.unknown(), () => {
    throw new MlflowError('NOT_IMPLEMENTED', what);
  });

const SIGNED_ONLY =
  'This registry keeps signed ONNX models. The logged model is kept with its run; register models of the built-in learners with `falaj train`.';
const NO_LABELS = 'Models of this registry have no descriptions, tags or stages. Use aliases.';

export const registryCalls: readonly Call[] = [
  call('GET registered-models/get', byName, ({ registry }, input) => ({
    registered_model: wireModel(registry, modelOf(registry, input.name)),
  })),
  call('GET registered-models/search', searched, ({ registry }, input) => {
    const isWanted = versionFilter(input.filter);
    return {
      registered_models: registry
        .list()
        .filter((model) => isWanted({ name: model.name }))
        .map((model) => wireModel(registry, model)),
    };
  }),
  ...(['POST', 'GET'] as const).map((method) =>
    call(`${method} registered-models/get-latest-versions`, byName, ({ registry }, input) => ({
      model_versions: wireModel(registry, modelOf(registry, input.name)).latest_versions,
    })),
  ),
  call('GET registered-models/alias', byName.extend({ alias: text }), ({ registry }, input) => {
    const { aliases } = modelOf(registry, input.name);
    if (!Object.hasOwn(aliases, input.alias))
      throw new FalajError('NOT_FOUND', `The model ${input.name} has no alias ${input.alias}.`);
    return { model_version: wireVersion(versionOf(registry, input.name, aliases[input.alias]!)) };
  }),
  call('POST registered-models/alias', byVersion.extend({ alias: nameSchema }), ({ registry }, input) => {
    registry.alias(input);
    return {};
  }),
  call('GET model-versions/get', byVersion, ({ registry }, input) => ({
    model_version: wireVersion(versionOf(registry, input.name, input.version)),
  })),
  call('GET model-versions/search', searched, ({ registry }, input) => {
    const isWanted = versionFilter(input.filter);
    return {
      model_versions: registry
        .list()
        .flatMap((model) => registry.versions({ name: model.name }))
        .filter((item) =>
          isWanted({ name: item.name, version_number: String(item.version), run_id: item.lineage.run ?? '' }),
        )
        .map(wireVersion),
    };
  }),
  call('DELETE model-versions/delete', byVersion, ({ registry }, input) => {
    registry.remove(input);
    return {};
  }),
  refused('POST registered-models/create', SIGNED_ONLY),
  refused('POST model-versions/create', SIGNED_ONLY),
  refused('GET model-versions/get-download-uri', 'Fetch a model with `falaj models export`.'),
  refused('DELETE registered-models/alias', 'An alias moves to another version; it is not removed.'),
  refused('POST registered-models/rename', 'A model’s name is part of its signature and stays.'),
  refused('DELETE registered-models/delete', 'Remove single versions instead.'),
  ...[
    'PATCH registered-models/update',
    'POST registered-models/set-tag',
    'DELETE registered-models/delete-tag',
    'PATCH model-versions/update',
    'POST model-versions/transition-stage',
    'POST model-versions/set-tag',
    'DELETE model-versions/delete-tag',
  ].map((route) => refused(route, NO_LABELS)),
];
