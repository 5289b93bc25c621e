import type { Model, ModelVersion } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { nearestHint } from '../../shared/nearest-name.ts';
import { SIGNATURE_FILE } from '../../trust/model-signature/index.ts';
import type { Store } from '../store/index.ts';
import { type ModelMetadata, modelMetadata } from './model-metadata.ts';
import { parseModelReference } from './model-reference.ts';

export interface VersionRow {
  readonly model: string;
  readonly version: number;
  readonly digest: string;
  readonly metadata: string;
  readonly run_id: string | null;
  readonly created_at: number;
}

export interface FileRow {
  readonly path: string;
  readonly blob_id: string;
  readonly digest: string;
  readonly size_bytes: number;
}

/** The rows of the registry's tables; no rules but that what is asked for is there. */
export class ModelTable {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  /** The model changed last first. */
  models(): Model[] {
    return this.#store
      .statement<{ name: string }>(`SELECT name FROM registry_model ORDER BY updated_at DESC, name`)
      .all()
      .map(({ name }) => this.model(name));
  }

  /** Newest first. */
  versions(name: string): VersionRow[] {
    this.model(name);
    return this.#store
      .statement<VersionRow>(`SELECT * FROM registry_version WHERE model = ? ORDER BY version DESC`)
      .all(name);
  }

  /** `NAME` (the newest), `NAME:VERSION` or `NAME@ALIAS`. Throws NOT_FOUND with the nearest name. */
  resolve(reference: string): VersionRow {
    const parsed = parseModelReference(reference);
    if (parsed.kind === 'version') return this.version(parsed.name, parsed.version);
    if (parsed.kind === 'alias') {
      const target = this.#store
        .statement<{ version: number }>(`SELECT version FROM registry_alias WHERE model = ? AND alias = ?`)
        .get(parsed.name, parsed.alias);
      if (!target) throw this.#noAlias(this.model(parsed.name), parsed.alias);
      return this.version(parsed.name, target.version);
    }
    const row = this.#store
      .statement<VersionRow>(`SELECT * FROM registry_version WHERE model = ? ORDER BY version DESC LIMIT 1`)
      .get(parsed.name);
    if (!row) throw this.#noModel(parsed.name);
    return row;
  }

  version(name: string, version: number): VersionRow {
    const row = this.#store
      .statement<VersionRow>(`SELECT * FROM registry_version WHERE model = ? AND version = ?`)
      .get(name, version);
    if (row) return row;
    throw new FalajError('NOT_FOUND', `The model ${name} has no version ${version}.`, {
      hint: `Its newest version is ${this.model(name).latestVersion}.`,
    });
  }

  #noModel(name: string): FalajError {
    const known = this.#store.statement<{ name: string }>(`SELECT name FROM registry_model`).all();
    return new FalajError('NOT_FOUND', `There is no model ${name}.`, {
      hint: nearestHint(
        name,
        known.map((model) => model.name),
        'See `falaj models ls`.',
      ),
    });
  }

  #noAlias(model: Model, alias: string): FalajError {
    const known = Object.keys(model.aliases);
    return new FalajError('NOT_FOUND', `The model ${model.name} has no alias ${alias}.`, {
      hint: nearestHint(
        alias,
        known,
        known.length === 0 ? 'It has none yet.' : `It has: ${known.join(', ')}.`,
      ),
    });
  }

  files(row: VersionRow): FileRow[] {
    return this.#store
      .statement<FileRow>(
        `SELECT path, blob_id, digest, size_bytes FROM registry_file WHERE model = ? AND version = ? ORDER BY path`,
      )
      .all(row.model, row.version);
  }

  aliases(row: VersionRow): string[] {
    return this.#store
      .statement<{ alias: string }>(
        `SELECT alias FROM registry_alias WHERE model = ? AND version = ? ORDER BY alias`,
      )
      .all(row.model, row.version)
      .map(({ alias }) => alias);
  }

  /** The number that the model's next version has. Numbers are never given twice. */
  nextVersion(name: string): number {
    const known = this.#store
      .statement<{ last_version: number }>(`SELECT last_version FROM registry_model WHERE name = ?`)
      .get(name);
    return (known?.last_version ?? 0) + 1;
  }

  insert(row: VersionRow): void {
    this.#store
      .statement(
        `INSERT INTO registry_model (name, last_version, updated_at) VALUES (?, ?, ?)
         ON CONFLICT (name) DO UPDATE SET last_version = excluded.last_version, updated_at = excluded.updated_at`,
      )
      .run(row.model, row.version, row.created_at);
    this.#store
      .statement(
        `INSERT INTO registry_version (model, version, digest, metadata, run_id, created_at) VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run(row.model, row.version, row.digest, row.metadata, row.run_id, row.created_at);
  }

  insertFile({ model, version }: VersionRow, file: FileRow): void {
    this.#store
      .statement(
        `INSERT INTO registry_file (model, version, path, blob_id, digest, size_bytes) VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run(model, version, file.path, file.blob_id, file.digest, file.size_bytes);
  }

  remove({ model, version }: VersionRow): void {
    this.#store.statement(`DELETE FROM registry_file WHERE model = ? AND version = ?`).run(model, version);
    this.#store.statement(`DELETE FROM registry_version WHERE model = ? AND version = ?`).run(model, version);
  }

  /** Points the alias at the version; returns the version that it pointed at before. */
  pointAlias(name: string, alias: string, version: number): number | null {
    const before = this.#store
      .statement<{ version: number }>(`SELECT version FROM registry_alias WHERE model = ? AND alias = ?`)
      .get(name, alias);
    this.#store
      .statement(
        `INSERT INTO registry_alias (model, alias, version) VALUES (?, ?, ?) ON CONFLICT (model, alias) DO UPDATE SET version = excluded.version`,
      )
      .run(name, alias, version);
    return before?.version ?? null;
  }

  touch(name: string, atMs: number): void {
    this.#store.statement(`UPDATE registry_model SET updated_at = ? WHERE name = ?`).run(atMs, name);
  }

  model(name: string): Model {
    const row = this.#store
      .statement<{ updated_at: number }>(`SELECT updated_at FROM registry_model WHERE name = ?`)
      .get(name);
    if (!row) throw this.#noModel(name);
    const versions = this.#store
      .statement<{ version: number; metadata: string }>(
        `SELECT version, metadata FROM registry_version WHERE model = ? ORDER BY version DESC`,
      )
      .all(name);
    const aliases = this.#store
      .statement<{ alias: string; version: number }>(
        `SELECT alias, version FROM registry_alias WHERE model = ? ORDER BY alias`,
      )
      .all(name);
    const latest = versions[0];
    return {
      name,
      versions: versions.length,
      latestVersion: latest?.version ?? 0,
      aliases: Object.fromEntries(aliases.map(({ alias, version }) => [alias, version])),
      updatedAt: new Date(row.updated_at).toISOString(),
      metrics: latest ? metadataOf(latest).metrics : {},
    };
  }

  /** The version as others see it; whether its signature holds is for the caller to say. */
  describe(row: VersionRow, verified: boolean): ModelVersion {
    const metadata = metadataOf(row);
    const files = this.files(row);
    return {
      name: row.model,
      version: row.version,
      digest: row.digest,
      aliases: this.aliases(row),
      signature: { inputs: metadata.inputs, outputs: metadata.outputs },
      signed: files.some((file) => file.path === SIGNATURE_FILE),
      verified,
      metrics: metadata.metrics,
      lineage: {
        run: row.run_id,
        datasets: metadata.datasets,
        service: metadata.training?.service ?? null,
        training: metadata.training?.name ?? null,
      },
      files: files.map((file) => ({ path: file.path, sizeBytes: file.size_bytes, digest: file.digest })),
      framework: metadata.framework,
      columns: metadata.features.map(({ name, type }) => ({ name, type })),
      createdAt: new Date(row.created_at).toISOString(),
    };
  }
}

export const metadataOf = ({ metadata }: Pick<VersionRow, 'metadata'>): ModelMetadata =>
  modelMetadata.parse(JSON.parse(metadata));
