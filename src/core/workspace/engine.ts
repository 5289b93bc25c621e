import os from 'node:os';
import type {
  DoctorCheck,
  KeySlotInfo,
  LiveEvent,
  StorageUse,
  WorkspaceStatus,
} from '../../shared/contract/types.ts';
import { FalajError } from '../../shared/errors.ts';
import { VERSION } from '../../shared/version.ts';
import type { AuditAction, AuditResult } from '../audit/index.ts';
import { DeviceRoom } from '../devices/index.ts';
import { LiveBus } from '../events/index.ts';
import { spawnIsolated } from '../processes/index.ts';
import type { TrackingDoor } from '../scripts/index.ts';
import type { PageCipher } from '../store/index.ts';
import {
  createVault,
  type DerivationCost,
  hasVault,
  type KeyChange,
  type OpenVault,
  slotKindOf,
  UnlockGuard,
  type UnlockSecret,
  unlockVault,
} from '../vault/index.ts';
import { beginCreation, endCreation, isHalfMade, removeHalfMade } from './creation.ts';
import { examine } from './doctor.ts';
import { closeRooms, letGo, openRooms, type Rooms } from './rooms.ts';
import { diskFreeBytes } from './storage-use.ts';
import { makeWorkspaceFolder, refuseUsedFolder } from './workspace-folder.ts';
import { takeWorkspaceLock, type WorkspaceLock } from './workspace-lock.ts';

/** Chosen by measurement: docs/decisions/0001-page-cipher.md. */
const PAGE_CIPHER: PageCipher = 'sqlcipher';

export interface EngineOptions {
  /** Absolute path of the workspace; it need not exist yet. */
  readonly folder: string;
  /** Absolute path of the product's own files. */
  readonly resources: string;
  /** Set where the engine stays: work that waited for its turn goes on when the workspace is opened. */
  readonly takesUpWork?: boolean;
  readonly clock?: () => number;
  readonly environment?: Readonly<Record<string, string | undefined>>;
  /** Cost of new passphrase slots; tests choose the lowest allowed. */
  readonly passphraseCost?: DerivationCost;
}

interface OpenWorkspace {
  readonly rooms: Rooms;
  readonly lock: WorkspaceLock;
}

/**
 * One workspace, from missing over locked to open. Everything that a host offers goes through here; the rooms exist only
 * while the workspace is open.
 */
export class Engine {
  readonly bus = new LiveBus();
  readonly devices: DeviceRoom;
  readonly #options: EngineOptions;
  readonly #clock: () => number;
  readonly #guard = new UnlockGuard();
  #open: OpenWorkspace | null = null;
  #door: WorkspaceStatus['engine'] = null;
  #openDoor: (() => Promise<TrackingDoor>) | null = null;
  /** Opening and closing never overlap. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: EngineOptions) {
    this.#options = options;
    this.#clock = options.clock ?? Date.now;
    this.devices = new DeviceRoom({
      clock: this.#clock,
      diskFolder: () => this.folder,
      ...(options.environment === undefined ? {} : { environment: options.environment }),
      notify: this.bus.notify,
      publish: (event: LiveEvent) => this.bus.publish(event),
      spawn: spawnIsolated,
      isJob: (id) => this.#open?.rooms.jobs.isRunning(id) ?? false,
    });
  }

  get folder(): string {
    return this.#options.folder;
  }

  get state(): WorkspaceStatus['state'] {
    if (this.#open !== null) return 'open';
    return hasVault(this.folder) && !isHalfMade(this.folder) ? 'locked' : 'missing';
  }

  get busy(): boolean {
    return this.#open?.rooms.jobs.busy ?? false;
  }

  /** Throws WORKSPACE_MISSING or WORKSPACE_LOCKED unless the workspace is open. */
  get rooms(): Rooms {
    if (this.#open !== null) return this.#open.rooms;
    if (this.state === 'missing') throw this.#missing();
    throw new FalajError('WORKSPACE_LOCKED', 'The workspace is locked.', {
      hint: 'Unlock it with `falaj unlock`, or set FALAJ_PASSPHRASE or FALAJ_PASSPHRASE_FILE.',
    });
  }

  /** The host tells under which process and address the engine can be reached. */
  setDoor(door: WorkspaceStatus['engine']): void {
    this.#door = door;
  }

  /** The host opens a door of its own to programs that the engine starts. */
  setTrackingDoor(open: () => Promise<TrackingDoor>): void {
    this.#openDoor = open;
  }

  status(): WorkspaceStatus {
    return {
      workspace: this.folder,
      state: this.state,
      locked: this.#open === null,
      name: this.#open?.rooms.vault.name ?? null,
      engine: this.#door,
      version: VERSION,
    };
  }

  /** Makes a workspace in an empty or new folder and opens it. The recovery key is not kept anywhere. */
  create(input: {
    name: string;
    passphrase: string;
    jurisdiction: readonly string[];
  }): Promise<{ recoveryKey: string }> {
    return this.#exclusively(async () => {
      const undoFolder = makeWorkspaceFolder(this.folder);
      let lock: WorkspaceLock | null = null;
      let isOurs = false;
      try {
        lock = takeWorkspaceLock(this.folder);
        if (isHalfMade(this.folder)) await removeHalfMade(this.folder);
        refuseUsedFolder(this.folder);
        isOurs = true;
        await beginCreation(this.folder);
        const { vault, recoveryKey } = await createVault({
          folder: this.folder,
          name: input.name,
          passphrase: input.passphrase,
          jurisdiction: input.jurisdiction,
          cipher: PAGE_CIPHER,
          guard: this.#guard,
          ...this.#cost(),
        });
        await this.#enter(vault, lock, { action: 'workspace.create', object: 'workspace' });
        await endCreation(this.folder);
        return { recoveryKey };
      } catch (error) {
        lock?.release();
        undoFolder({ content: isOurs });
        throw error;
      }
    });
  }

  unlock(secret: UnlockSecret): Promise<WorkspaceStatus> {
    return this.#exclusively(async () => {
      if (this.#open !== null) return this.status();
      if (this.state === 'missing') throw this.#missing();
      const lock = takeWorkspaceLock(this.folder);
      try {
        const vault = await unlockVault({ folder: this.folder, secret, guard: this.#guard, ...this.#cost() });
        await this.#enter(vault, lock, {
          action: 'workspace.unlock',
          object: 'workspace',
          details: { by: slotKindOf(secret) },
        });
      } catch (error) {
        lock.release();
        throw error;
      }
      return this.status();
    });
  }

  lock(): Promise<WorkspaceStatus> {
    return this.#exclusively(async () => {
      const open = this.#open;
      if (open === null) return this.status();
      this.#open = null;
      try {
        await closeRooms(open.rooms);
      } finally {
        open.lock.release();
        this.bus.notify('workspace');
      }
      return this.status();
    });
  }

  async changePassphrase(input: { current: UnlockSecret; next: string }): Promise<KeySlotInfo[]> {
    await this.#changeKeys('vault.change-passphrase', input.current, (change) =>
      this.rooms.vault.changePassphrase({ ...change, next: input.next }),
    );
    return this.slots();
  }

  /** A new recovery key in place of the one there was, if any; the old one opens nothing any more. Not kept anywhere. */
  replaceRecoveryKey(input: { current: UnlockSecret }): Promise<{ recoveryKey: string }> {
    return this.#changeKeys('vault.replace-recovery-key', input.current, async (change) => ({
      recoveryKey: await this.rooms.vault.replaceRecoveryKey(change),
    }));
  }

  slots(): KeySlotInfo[] {
    return this.rooms.vault.slots.map((slot) => ({ ...slot }));
  }

  async storage(): Promise<StorageUse> {
    const { store, blobs, vault } = this.rooms;
    const usage = blobs.usage();
    return {
      storeBytes: store.sizeBytes(),
      blobBytes: usage.bytes,
      blobs: usage.blobs,
      diskFreeBytes: await diskFreeBytes(this.folder),
      cipher: vault.cipher,
    };
  }

  doctor(): Promise<DoctorCheck[]> {
    return examine(this.folder, this.#open?.rooms ?? null);
  }

  async close(): Promise<void> {
    await this.lock();
  }

  /** Recorded before it is done: an entry without its change does no harm, a change without its entry does. */
  async #changeKeys<T>(
    action: string,
    current: UnlockSecret,
    carryOut: (change: KeyChange) => Promise<T>,
  ): Promise<T> {
    const { store, audit } = this.rooms;
    const details = { by: slotKindOf(current) };
    const record = (result: AuditResult): void =>
      store.transaction(() => audit.append({ action, object: 'workspace', result, details }));
    let isRecorded = false;
    const beforeWriting = (): void => {
      record('done');
      isRecorded = true;
    };
    try {
      return await carryOut({ current, beforeWriting });
    } catch (error) {
      record(isRecorded ? 'failed' : 'refused');
      throw error;
    }
  }

  async #enter(vault: OpenVault, lock: WorkspaceLock, record: AuditAction): Promise<void> {
    let rooms: Rooms;
    try {
      rooms = openRooms(vault, {
        folder: this.folder,
        resources: this.#options.resources,
        bus: this.bus,
        devices: this.devices,
        openDoor: async () => (await this.#openDoor?.()) ?? null,
        takesUpWork: this.#options.takesUpWork ?? false,
        clock: this.#clock,
        actor: os.userInfo().username,
        isNew: record.action === 'workspace.create',
      });
    } catch (error) {
      vault.close();
      throw error;
    }
    try {
      rooms.store.transaction(() => rooms.audit.append(record));
      // What a crash left half-written goes before anything new is written.
      await rooms.blobs.sweep();
      await rooms.scripts.endAbandoned();
      await rooms.training.endAbandoned();
    } catch (error) {
      letGo(rooms);
      throw error;
    }
    this.#open = { rooms, lock };
    this.bus.notify('workspace');
  }

  #missing(): FalajError {
    return new FalajError('WORKSPACE_MISSING', `There is no workspace in ${this.folder}.`, {
      hint: 'Make one with `falaj init`, or name another with --workspace.',
    });
  }

  #cost(): { cost?: DerivationCost } {
    return this.#options.passphraseCost === undefined ? {} : { cost: this.#options.passphraseCost };
  }

  #exclusively<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(work);
    this.#turn = result.then(
      () => undefined,
      () => undefined,
    );
    return result;
  }
}
