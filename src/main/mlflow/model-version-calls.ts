import { z } from 'zod';
import type { ModelVersion } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { versionUri } from './artifact-place.ts';
import { type Call, call, type MlflowRooms } from './call.ts';
import { describeFolder, filesOf, parseModelSource, requireRun, runOf } from './model-source.ts';
import { recordOf, text } from './wire-input.ts';
import { wireVersion } from './wire-model.ts';
import { wirePage } from './wire-output.ts';
import {
  byName,
  byVersion,
  description,
  givenTags,
  named,
  refusePrompt,
  searched,
  searchOf,
  stage,
  tagValue,
} from './wire-registry-input.ts';

const created = byName.extend({
  source: text,
  run_id: text.default(''),
  tags: givenTags,
  description: description.default(''),
});

/** A folder that lies in the workspace, or a version of another model, becomes the model's next version. */
async function create(
  { tracking, registry }: MlflowRooms,
  input: z.output<typeof created>,
): Promise<ModelVersion> {
  refusePrompt(input.tags);
  const version = {
    name: input.name,
    source: input.source,
    description: input.description,
    tags: recordOf(input.tags, 'tags'),
  };
  registry.model(input.name); // before the source: a missing model is what the client must hear of first
  const source = parseModelSource(tracking, input.source);
  if (source.kind === 'version') {
    requireRun(input.run_id, registry.version(source.name, source.version).lineage.run);
    return registry.copy({ ...version, from: source });
  }
  const run = runOf(tracking, source.owner);
  requireRun(input.run_id, run);
  const files = filesOf(tracking, source);
  const metadata = await describeFolder(tracking, source, files);
  return registry.registerFolder({
    ...version,
    run,
    files,
    metadata,
    confirm: () => {
      if (JSON.stringify(filesOf(tracking, source)) !== JSON.stringify(files))
        throw new FalajError('CONFLICT', 'The files of the source changed while they were registered.', {
          hint: 'Register it again.',
        });
    },
  });
}

export const modelVersionCalls: readonly Call[] = [
  call('POST model-versions/create', created, async (rooms, input) => ({
    model_version: wireVersion(await create(rooms, input)),
  })),
  call('GET model-versions/get', byVersion, ({ registry }, input) => ({
    model_version: wireVersion(registry.version(input.name, input.version)),
  })),
  ...(['POST', 'GET'] as const).map((method) =>
    call(`${method} model-versions/search`, searched, ({ registry }, input) => {
      const page = registry.searchVersions(searchOf(input));
      return { model_versions: page.items.map(wireVersion), ...wirePage(page.nextPageToken) };
    }),
  ),
  call('GET model-versions/get-download-uri', byVersion, ({ registry }, input) => {
    const { name, version } = registry.version(input.name, input.version);
    return { artifact_uri: versionUri(name, version) };
  }),
  call(
    'PATCH model-versions/update',
    byVersion.extend({ description: description.default('') }),
    ({ registry }, input) => {
      registry.labels.describe(input, input.description);
      return { model_version: wireVersion(registry.version(input.name, input.version)) };
    },
  ),
  call(
    'POST model-versions/transition-stage',
    byVersion.extend({ stage, archive_existing_versions: z.boolean().default(false) }),
    ({ registry }, input) => {
      const archiveOthers = input.archive_existing_versions;
      if (archiveOthers && input.stage !== 'Staging' && input.stage !== 'Production')
        throw new FalajError(
          'BAD_INPUT',
          'archive_existing_versions: versions are archived out of Staging and Production only.',
        );
      registry.labels.stage({ name: input.name, version: input.version, stage: input.stage, archiveOthers });
      return { model_version: wireVersion(registry.version(input.name, input.version)) };
    },
  ),
  call('DELETE model-versions/delete', byVersion, ({ registry }, input) => {
    registry.remove(input);
    return {};
  }),
  call(
    'POST model-versions/set-tag',
    byVersion.extend({ key: named, value: tagValue }),
    ({ registry }, input) => {
      registry.labels.setTag(input, input.key, input.value);
      return {};
    },
  ),
  call('DELETE model-versions/delete-tag', byVersion.extend({ key: named }), ({ registry }, input) => {
    if (Object.hasOwn(registry.version(input.name, input.version).tags, input.key))
      registry.labels.removeTag(input, input.key);
    return {};
  }),
];
