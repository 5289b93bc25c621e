import { z } from 'zod';
import { metricsSchema } from '../../shared/contract/common.ts';
import { tensorSpec } from '../../shared/contract/models.ts';
import { type ModelMetadata, modelMetadata } from './model-metadata.ts';

/** Where {@link folderMetadata} lies among the files of a folder; no file of a client has this name. */
export const FOLDER_METADATA_FILE = 'falaj-model.json';

/**
 * falaj-model.json: what a folder of another program's model says of itself, signed together with its files. Falaj keeps
 * and hands out such a folder as it is; it never loads it.
 */
export const folderMetadata = z.strictObject({
  format: z.literal('falaj-folder/1'),
  /** `mlflow-` and the flavour that the folder is loaded with; `files` where it has no MLmodel file. */
  framework: z.string(),
  /** Every flavour that its MLmodel file names, in order of name. */
  flavors: z.array(z.string()),
  inputs: z.array(tensorSpec),
  outputs: z.array(tensorSpec),
  /** What its run had measured when it was registered. */
  metrics: metricsSchema,
});

export type FolderMetadata = z.infer<typeof folderMetadata>;

/** What a version says of itself: an ONNX model that is served here, or a folder that is kept. */
export type VersionMetadata = ModelMetadata | FolderMetadata;

const versionMetadata = z.discriminatedUnion('format', [modelMetadata, folderMetadata]);

export const parseVersionMetadata = (json: string): VersionMetadata =>
  versionMetadata.parse(JSON.parse(json));

export const isServable = (metadata: VersionMetadata): metadata is ModelMetadata =>
  metadata.format === 'falaj-model/1';
