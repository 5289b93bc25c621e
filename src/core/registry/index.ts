export { registryJobs } from './jobs.ts';
export { registryMigrations } from './migrations.ts';
export {
  type FeatureEncoding,
  type ModelFeature,
  type ModelMetadata,
  modelMetadata,
  stepOf,
} from './model-metadata.ts';
export {
  type LoadedModel,
  ModelRegistry,
  type RegisterModel,
  type RegistryOptions,
} from './model-registry.ts';
export { type SecretSealer, type SigningKey, SigningKeyStore } from './signing-key.ts';
