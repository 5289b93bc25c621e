import type { Model, ModelVersion } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { nearestHint } from '../../shared/nearest-name.ts';
import { SIGNATURE_FILE } from '../../trust/model-signature/index.ts';
import type { Store } from '../store/index.ts';
import { isServable, parseVersionMetadata, type VersionMetadata } from './folder-metadata.ts';
import { parseModelReference } from './model-reference.ts';
import { type NameRow, NameTable } from './name-table.ts';
import { TagTable } from './tag-table.ts';

export interface VersionRow {
  readonly model: string;
  readonly version: number;
  readonly digest: string;
  readonly metadata: string;
  readonly run_id: string | null;
  readonly created_at: number;
  /** Where its files came from, as whoever registered it said; null for what was trained here. */
  readonly source: string | null;
  readonly updated_at: number;
  readonly description: string;
  readonly stage: string;
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
  readonly names: NameTable;
  readonly tags: TagTable;

  constructor(store: Store) {
    this.#store = store;
    this.names = new NameTable(store);
    this.tags = new TagTable(store);
  }

  /** The model changed last first. */
  models(): Model[] {
    return this.names.all().map((row) => this.#describeModel(row));
  }

  /** Newest first. */
  versions(name: string): VersionRow[] {
    this.names.get(name);
    return this.#store
      .statement<VersionRow>(`SELECT * FROM registry_version WHERE model = ? ORDER BY version DESC`)
      .all(name);
  }

  /** Of each stage that a version stands in, the newest one. */
  newestByStage(name: string): VersionRow[] {
    this.names.get(name);
    return this.#store
      .statement<VersionRow>(
        `SELECT * FROM registry_version AS v WHERE model = ? AND version =
           (SELECT max(version) FROM registry_version WHERE model = v.model AND stage = v.stage)`,
      )
      .all(name);
  }

  /** `NAME` (the newest), `NAME:VERSION` or `NAME@ALIAS`. Throws NOT_FOUND with the nearest name. */
  resolve(reference: string): VersionRow {
    const parsed = parseModelReference(reference);
    if (parsed.kind === 'version') return this.version(parsed.name, parsed.version);
    if (parsed.kind === 'alias') {
      const target = this.#aliased(parsed.name, parsed.alias);
      if (target === undefined) throw this.#noAlias(this.model(parsed.name), parsed.alias);
      return this.version(parsed.name, target);
    }
    const newest = this.#store
      .statement<VersionRow>(`SELECT * FROM registry_version WHERE model = ? ORDER BY version DESC LIMIT 1`)
      .get(parsed.name);
    if (newest) return newest;
    this.names.get(parsed.name);
    throw new FalajError('NOT_FOUND', `The model ${parsed.name} has no version yet.`, {
      hint: 'Train one into it with `falaj train`, or register one with the client of MLflow.',
    });
  }

  version(name: string, version: number): VersionRow {
    const row = this.#store
      .statement<VersionRow>(`SELECT * FROM registry_version WHERE model = ? AND version = ?`)
      .get(name, version);
    if (row) return row;
    const { latestVersion } = this.model(name);
    throw new FalajError('NOT_FOUND', `The model ${name} has no version ${version}.`, {
      hint: latestVersion === 0 ? 'It has none yet.' : `Its newest version is ${latestVersion}.`,
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

  files({ model, version }: Pick<VersionRow, 'model' | 'version'>): FileRow[] {
    return this.#store
      .statement<FileRow>(
        `SELECT path, blob_id, digest, size_bytes FROM registry_file WHERE model = ? AND version = ? ORDER BY path`,
      )
      .all(model, version);
  }

  aliases({ model, version }: Pick<VersionRow, 'model' | 'version'>): string[] {
    return this.#store
      .statement<{ alias: string }>(
        `SELECT alias FROM registry_alias WHERE model = ? AND version = ? ORDER BY alias`,
      )
      .all(model, version)
      .map(({ alias }) => alias);
  }

  insert(row: VersionRow): void {
    this.names.reach(row.model, row.version, row.created_at);
    this.#store
      .statement(
        `INSERT INTO registry_version (model, version, digest, metadata, run_id, created_at, source, updated_at, description, stage)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(
        row.model,
        row.version,
        row.digest,
        row.metadata,
        row.run_id,
        row.created_at,
        row.source,
        row.updated_at,
        row.description,
        row.stage,
      );
  }

  insertFile({ model, version }: VersionRow, file: FileRow): void {
    this.#store
      .statement(
        `INSERT INTO registry_file (model, version, path, blob_id, digest, size_bytes) VALUES (?, ?, ?, ?, ?, ?)`,
      )
      .run(model, version, file.path, file.blob_id, file.digest, file.size_bytes);
  }

  /** The labels that lie beside a version's signed bytes. */
  label(
    { model, version }: Pick<VersionRow, 'model' | 'version'>,
    labels: Pick<VersionRow, 'description' | 'stage' | 'updated_at'>,
  ): void {
    this.#store
      .statement(
        `UPDATE registry_version SET description = ?, stage = ?, updated_at = ? WHERE model = ? AND version = ?`,
      )
      .run(labels.description, labels.stage, labels.updated_at, model, version);
  }

  /** A version, what points at it and what is said of it. */
  remove({ model, version }: VersionRow): void {
    for (const table of ['registry_alias', 'registry_tag', 'registry_file', 'registry_version'])
      this.#store.statement(`DELETE FROM ${table} WHERE model = ? AND version = ?`).run(model, version);
  }

  /** Points the alias at the version; returns the version that it pointed at before. */
  pointAlias(name: string, alias: string, version: number): number | null {
    const before = this.#aliased(name, alias);
    this.#store
      .statement(
        `INSERT INTO registry_alias (model, alias, version) VALUES (?, ?, ?) ON CONFLICT (model, alias) DO UPDATE SET version = excluded.version`,
      )
      .run(name, alias, version);
    return before ?? null;
  }

  /** Returns the version that the alias pointed at. Throws NOT_FOUND. */
  removeAlias(name: string, alias: string): number {
    const before = this.#aliased(name, alias);
    if (before === undefined) throw this.#noAlias(this.model(name), alias);
    this.#store.statement(`DELETE FROM registry_alias WHERE model = ? AND alias = ?`).run(name, alias);
    return before;
  }

  #aliased(name: string, alias: string): number | undefined {
    return this.#store
      .statement<{ version: number }>(`SELECT version FROM registry_alias WHERE model = ? AND alias = ?`)
      .get(name, alias)?.version;
  }

  model(name: string): Model {
    return this.#describeModel(this.names.get(name));
  }

  #describeModel(row: NameRow): Model {
    const { name } = row;
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
      description: row.description,
      tags: this.tags.of({ name, version: null }),
      createdAt: new Date(row.created_at).toISOString(),
      updatedAt: new Date(row.updated_at).toISOString(),
      metrics: latest ? metadataOf(latest).metrics : {},
      framework: latest ? metadataOf(latest).framework : null,
    };
  }

  /** The version as others see it; whether its signature holds is for the caller to say. */
  describe(row: VersionRow, verified: boolean): ModelVersion {
    const metadata = metadataOf(row);
    const served = isServable(metadata) ? metadata : null;
    const files = this.files(row);
    return {
      name: row.model,
      version: row.version,
      digest: row.digest,
      aliases: this.aliases(row),
      signature: { inputs: metadata.inputs, outputs: metadata.outputs },
      signed: files.some((file) => file.path === SIGNATURE_FILE),
      verified,
      servable: served !== null,
      metrics: metadata.metrics,
      lineage: {
        run: row.run_id,
        datasets: served?.datasets ?? [],
        service: served?.training?.service ?? null,
        training: served?.training?.name ?? null,
      },
      files: files.map((file) => ({ path: file.path, sizeBytes: file.size_bytes, digest: file.digest })),
      framework: metadata.framework,
      flavors: isServable(metadata) ? [] : metadata.flavors,
      columns: served?.features.map(({ name, type }) => ({ name, type })) ?? [],
      source: row.source,
      stage: row.stage,
      description: row.description,
      tags: this.tags.of({ name: row.model, version: row.version }),
      createdAt: new Date(row.created_at).toISOString(),
      updatedAt: new Date(row.updated_at).toISOString(),
    };
  }
}

export const metadataOf = ({ metadata }: Pick<VersionRow, 'metadata'>): VersionMetadata =>
  parseVersionMetadata(metadata);
