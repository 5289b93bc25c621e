export {
  type FolderMetadata,
  folderMetadata,
  isServable,
  type VersionMetadata,
} from './folder-metadata.ts';
export { registryJobs } from './jobs.ts';
export { registryMigrations } from './migrations.ts';
export { MLMODEL_FILE, MLMODEL_LIMIT_BYTES, parseMlmodel } from './mlmodel.ts';
export { MODEL_STAGES, ModelLabels, type ModelStage } from './model-labels.ts';
export {
  type FeatureEncoding,
  type ModelFeature,
  type ModelMetadata,
  modelMetadata,
  stepOf,
} from './model-metadata.ts';
export {
  type CopyVersion,
  type LoadedModel,
  ModelRegistry,
  type RegisterFolder,
  type RegisterModel,
  type RegistryOptions,
} from './model-registry.ts';
export type { RegistrySearchInput } from './registry-search.ts';
export { type SecretSealer, type SigningKey, SigningKeyStore } from './signing-key.ts';
export type { KeptFile } from './version-writer.ts';
