import { MODEL_STAGES } from '../../core/registry/index.ts';
import type { Model, ModelVersion } from '../../shared/contract/types.ts';
import type { AccessibleRegistry } from './call.ts';
import { pairs } from './wire-output.ts';

/** Tags that say what is so; nobody sets or removes one. */
export const OWN_TAGS = 'falaj.';

const at = (instant: string): number => Date.parse(instant);

export const wireVersion = (item: ModelVersion) => ({
  name: item.name,
  version: String(item.version),
  creation_timestamp: at(item.createdAt),
  last_updated_timestamp: at(item.updatedAt),
  current_stage: item.stage,
  description: item.description,
  source: item.source ?? `falaj:/${item.name}/${item.version}`,
  run_id: item.lineage.run ?? '',
  status: 'READY',
  tags: pairs({ ...item.tags, [`${OWN_TAGS}digest`]: item.digest }),
  aliases: item.aliases,
});

/** Of each stage its newest version; of all stages where none is named. */
export function latestVersions(
  registry: AccessibleRegistry,
  name: string,
  stages: readonly string[] = MODEL_STAGES,
): ModelVersion[] {
  const newest = registry.newestByStage(name);
  return stages.flatMap((stage) => newest.find((version) => version.stage === stage) ?? []);
}

export const wireModel = (registry: AccessibleRegistry, model: Model) => ({
  name: model.name,
  creation_timestamp: at(model.createdAt),
  last_updated_timestamp: at(model.updatedAt),
  description: model.description,
  latest_versions: latestVersions(registry, model.name).map(wireVersion),
  tags: pairs(model.tags),
  aliases: Object.entries(model.aliases).map(([alias, number]) => ({ alias, version: String(number) })),
});
