import type { ChangedRoom } from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import type { AuditLog } from '../audit/index.ts';
import type { Store } from '../store/index.ts';
import type { ModelTable } from './model-table.ts';
import type { Labelled } from './tag-table.ts';

/** The stages of MLflow. They are labels: nothing here acts on one. */
export const MODEL_STAGES = ['None', 'Staging', 'Production', 'Archived'] as const;
export type ModelStage = (typeof MODEL_STAGES)[number];

/** Tags and words on models and versions, which lie beside the signed bytes. What is said is not in the audit log, that it was is. */
export class ModelLabels {
  readonly #store: Store;
  readonly #audit: AuditLog;
  readonly #table: ModelTable;
  readonly #clock: () => number;
  readonly #notify: (room: ChangedRoom) => void;

  constructor(parts: {
    store: Store;
    audit: AuditLog;
    table: ModelTable;
    clock: () => number;
    notify: (room: ChangedRoom) => void;
  }) {
    this.#store = parts.store;
    this.#audit = parts.audit;
    this.#table = parts.table;
    this.#clock = parts.clock;
    this.#notify = parts.notify;
  }

  describe(target: Labelled, description: string): void {
    this.#change(target, 'model.describe', {}, (now) => {
      if (target.version === null) this.#table.names.describe(target.name, description, now);
      else this.#label(target.name, target.version, { description });
    });
  }

  setTag(target: Labelled, key: string, value: string): void {
    this.#change(target, 'model.tag', { key }, () => this.#table.tags.set(target, key, value));
  }

  /** Throws NOT_FOUND when there is no such tag. */
  removeTag(target: Labelled, key: string): void {
    this.#change(target, 'model.tag-remove', { key }, () => {
      if (!this.#table.tags.remove(target, key))
        throw new FalajError('NOT_FOUND', `${objectOf(target)} has no tag ${key}.`);
    });
  }

  /** Moves a version to a stage and, if asked for, those that stand there to Archived. */
  stage(input: { name: string; version: number; stage: ModelStage; archiveOthers: boolean }): void {
    const { name, version, stage } = input;
    this.#store.transaction(() => {
      const others = input.archiveOthers
        ? this.#table.versions(name).filter((row) => row.stage === stage && row.version !== version)
        : [];
      for (const row of others) this.#moveTo(name, row.version, row.stage, 'Archived');
      this.#moveTo(name, version, this.#table.version(name, version).stage, stage);
    });
    this.#notify('models');
  }

  #moveTo(name: string, version: number, from: string, stage: ModelStage): void {
    this.#label(name, version, { stage });
    this.#table.names.touch(name, this.#clock());
    this.#audit.append({
      action: 'model.stage',
      object: `model/${name}:${version}`,
      details: { from, to: stage },
    });
  }

  #label(name: string, version: number, change: { description?: string; stage?: ModelStage }): void {
    const row = this.#table.version(name, version);
    this.#table.label(row, { ...row, ...change, updated_at: this.#clock() });
  }

  #change(
    target: Labelled,
    action: string,
    details: Readonly<Record<string, string>>,
    write: (now: number) => void,
  ): void {
    this.#store.transaction(() => {
      this.#table.names.get(target.name);
      if (target.version !== null) this.#label(target.name, target.version, {});
      write(this.#clock());
      this.#table.names.touch(target.name, this.#clock());
      this.#audit.append({ action, object: `model/${objectOf(target)}`, details });
    });
    this.#notify('models');
  }
}

const objectOf = ({ name, version }: Labelled): string => (version === null ? name : `${name}:${version}`);
