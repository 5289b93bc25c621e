import os from 'node:os';
import path from 'node:path';
import { AccessTokens, accessMigrations } from '../access/index.ts';
import { AuditLog, auditMigrations } from '../audit/index.ts';
import { ConnectionRoom, connectionsJobs, connectionsMigrations } from '../connections/index.ts';
import { DataRoom, dataJobs, dataMigrations, ReaderProcesses } from '../data/index.ts';
import { DemoRoom, demoJobs } from '../demo/index.ts';
import { type DeviceRoom, devicesJobs, gpuSlots } from '../devices/index.ts';
import type { LiveBus } from '../events/index.ts';
import { FeatureRoom, featuresJobs, featuresMigrations } from '../features/index.ts';
import { InferenceRoom, inferenceJobs } from '../inference/index.ts';
import { JobQueue, jobsMigrations } from '../jobs/index.ts';
import { LineageRoom } from '../lineage/index.ts';
import { MonitoringRoom, monitoringJobs, monitoringMigrations } from '../monitoring/index.ts';
import { OnlineRoom, onlineJobs, onlineMigrations, PushLog } from '../online/index.ts';
import { PlacementRoom } from '../placement/index.ts';
import { ModelRegistry, registryJobs, registryMigrations } from '../registry/index.ts';
import {
  fileDigest,
  readingJob,
  ScriptRoom,
  ShellEnvironments,
  scriptsJobs,
  type TrackingDoor,
} from '../scripts/index.ts';
import { type BlobStore, openBlobStore, openStore, type Store, storeMigrations } from '../store/index.ts';
import { TrackingRoom, trackingJobs, trackingMigrations } from '../tracking/index.ts';
import { TrainingRoom, trainingJobs } from '../training/index.ts';
import type { OpenVault } from '../vault/index.ts';

/** An open workspace: every room, wired. */
export interface Rooms {
  readonly vault: OpenVault;
  readonly store: Store;
  readonly blobs: BlobStore;
  readonly audit: AuditLog;
  readonly tokens: AccessTokens;
  readonly jobs: JobQueue;
  /** Ready for the next file. */
  readonly readers: ReaderProcesses;
  readonly data: DataRoom;
  readonly connections: ConnectionRoom;
  readonly features: FeatureRoom;
  readonly online: OnlineRoom;
  readonly tracking: TrackingRoom;
  readonly registry: ModelRegistry;
  readonly inference: InferenceRoom;
  readonly training: TrainingRoom;
  readonly scripts: ScriptRoom;
  readonly placement: PlacementRoom;
  readonly lineage: LineageRoom;
  readonly monitoring: MonitoringRoom;
  readonly demo: DemoRoom;
}

export interface RoomSurroundings {
  readonly folder: string;
  /** The product's own files: the demo's definitions, translations. */
  readonly resources: string;
  readonly bus: LiveBus;
  readonly devices: DeviceRoom;
  /** Opens the tracking server to programs of this machine; null where there is no host to do so. */
  readonly openDoor: () => Promise<TrackingDoor | null>;
  /** Whether what waited when the last engine ended begins now; a command that ends in a moment leaves it. */
  readonly takesUpWork: boolean;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly actor: string;
}

const MIGRATIONS = [
  storeMigrations,
  auditMigrations,
  accessMigrations,
  jobsMigrations,
  dataMigrations,
  connectionsMigrations,
  featuresMigrations,
  onlineMigrations,
  trackingMigrations,
  registryMigrations,
  monitoringMigrations,
];

export const STORE_FILE = 'store.db';
export const BLOBS_FOLDER = 'blobs';

/** Opens the store under the vault's keys and wires the rooms over it. */
export function openRooms(vault: OpenVault, around: RoomSurroundings & { readonly isNew: boolean }): Rooms {
  const store = openEncrypted(vault, around.folder, around.isNew);
  try {
    return wireRooms(vault, store, around);
  } catch (error) {
    store.close();
    throw error;
  }
}

/** The composition root: builds each room on those it needs. */
function wireRooms(vault: OpenVault, store: Store, around: RoomSurroundings): Rooms {
  const { folder, bus, clock, devices } = around;
  const blobs = openBlobStore({
    folder: path.join(folder, BLOBS_FOLDER),
    store,
    deriveKey: (label) => vault.deriveKey(label),
  });
  const audit = new AuditLog({ store, vault, clock, actor: around.actor, notify: bus.notify });
  const tokens = new AccessTokens({ store, audit, clock });
  const jobs = new JobQueue({
    store,
    bus,
    clock,
    machine: {
      cpus: os.availableParallelism(),
      // What a control group allows, if there is one.
      memoryBytes: Math.min(process.constrainedMemory() || Number.POSITIVE_INFINITY, os.totalmem()),
    },
    gpus: async () => gpuSlots(await devices.list()),
  });
  const shared = { store, blobs, audit, notify: bus.notify, clock };

  const readers = new ReaderProcesses();
  const data: DataRoom = new DataRoom({
    ...shared,
    startReader: readers.start,
    // Definitions belong to the features room, which is built on this one.
    definition: (name) => features.datasetDefinition(name),
  });
  const connections = new ConnectionRoom({ ...shared, data, vault });
  const log = new PushLog(store, blobs);
  const features = new FeatureRoom({ ...shared, vault, data, pushed: log });
  const online = new OnlineRoom({ ...shared, data, features, log });
  const tracking = new TrackingRoom({ ...shared, publish: bus.publish });
  const registry = new ModelRegistry({ ...shared, vault });
  const inference = new InferenceRoom({ ...shared, registry, features, devices: () => devices.list() });
  const environments = new ShellEnvironments();
  const training = new TrainingRoom({
    ...shared,
    data,
    features,
    tracking,
    registry,
    environments,
    devices: () => devices.list(),
  });
  const scripts = new ScriptRoom({
    ...shared,
    folder,
    tracking,
    tokens,
    jobs,
    environments,
    devices: () => devices.list(),
    openDoor: around.openDoor,
  });
  const placement = new PlacementRoom({ registry, data, features, devices: () => devices.list() });
  const lineage = new LineageRoom({ data, features, tracking, registry });
  const monitoring = new MonitoringRoom({ ...shared, data });
  const demo = new DemoRoom({
    ...shared,
    folder,
    resources: around.resources,
    data,
    features,
    tracking,
    training,
    registry,
    inference,
    monitoring,
  });

  const { importJob, uploadJob, exportJob } = dataJobs(data);
  jobs.register(importJob);
  jobs.register(uploadJob);
  const record: ScriptRoom['recordRead'] = (read) => scripts.recordRead(read);
  jobs.register(
    readingJob(exportJob, {
      record,
      read: ({ name }, { version, digest }) => ({
        name,
        version,
        digest,
        source: `/data/${name}@${version}`,
      }),
    }),
  );
  const { checkJob, importJob: connectedImportJob } = connectionsJobs(connections);
  jobs.register(checkJob);
  jobs.register(connectedImportJob);
  const { materializeJob, pushFileJob, skewJob } = onlineJobs(online);
  jobs.register(materializeJob);
  jobs.register(pushFileJob);
  jobs.register(skewJob);
  const { historicalJob, checkJob: setCheckJob, verifyJob } = featuresJobs(features);
  jobs.register(
    readingJob(historicalJob, {
      record,
      read: async ({ service, features = [] }, { file, data, receipt }) => ({
        name: (service ?? features.join(',')).slice(0, 500),
        source: '/features',
        digest: receipt?.contentHash ?? (await fileDigest(file)),
        from: [...data],
      }),
    }),
  );
  jobs.register(setCheckJob);
  jobs.register(verifyJob);
  const { exportJob: exportRunJob, importJob: importRunsJob } = trackingJobs(tracking);
  jobs.register(exportRunJob);
  jobs.register(importRunsJob);
  for (const kind of trainingJobs(training)) jobs.register(kind);
  for (const kind of scriptsJobs(scripts)) jobs.register(kind);
  const { exportJob: exportModelJob, verifyJob: verifyModelJob } = registryJobs(registry);
  jobs.register(exportModelJob);
  jobs.register(verifyModelJob);
  const { predictJob, explainJob } = inferenceJobs(inference);
  jobs.register(predictJob);
  jobs.register(explainJob);
  for (const kind of monitoringJobs(monitoring)) jobs.register(kind);
  for (const kind of demoJobs(demo)) jobs.register(kind);
  for (const kind of devicesJobs(devices)) jobs.register(kind);

  online.keepRetention();
  if (around.takesUpWork) jobs.goOn();
  return {
    vault,
    store,
    blobs,
    audit,
    tokens,
    jobs,
    readers,
    data,
    connections,
    features,
    online,
    tracking,
    registry,
    inference,
    training,
    scripts,
    placement,
    lineage,
    monitoring,
    demo,
  };
}

function openEncrypted(vault: OpenVault, folder: string, isNew: boolean): Store {
  const key = vault.deriveKey('falaj/v1/db/store');
  try {
    const file = path.join(folder, STORE_FILE);
    return openStore({ file, key, cipher: vault.cipher, migrations: MIGRATIONS, mustExist: !isNew });
  } finally {
    key.fill(0);
  }
}

/** Ends the work, writes a checkpoint, closes the files and zeroes the keys. */
export async function closeRooms(rooms: Rooms): Promise<void> {
  try {
    await rooms.readers.close();
    await rooms.data.uploads.close();
    await rooms.tracking.uploads.close();
    await rooms.jobs.close();
    await rooms.features.close();
    await rooms.online.close();
    rooms.store.transaction(() => rooms.audit.append({ action: 'workspace.lock', object: 'workspace' }));
    rooms.audit.checkpoint();
  } finally {
    letGo(rooms);
  }
}

/** Zeroes the keys and closes the store. The keys first: a disk that fails must not keep them in memory. */
export function letGo({ blobs, audit, online, vault, store }: Rooms): void {
  online.stop();
  blobs.close();
  audit.close();
  vault.close();
  store.close();
}
