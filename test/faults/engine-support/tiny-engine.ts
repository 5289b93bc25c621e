import { setTimeout as sleep } from 'node:timers/promises';
import { LiveBus } from '../../../src/core/events/index.ts';
import type { HostedEngine } from '../../../src/main/engine/open-engine.ts';
import type { Job, JobLogLine, WorkspaceStatus } from '../../../src/shared/contract/types.ts';
import { FalajError } from '../../../src/shared/errors.ts';
import { jobOf } from '../../fixtures/job.ts';

/** An engine small enough to see through: jobs that the test ends itself, a few rooms that answer or fail on purpose. */
export class TinyEngine {
  readonly bus = new LiveBus();
  readonly started: { kind: string; input: unknown }[] = [];
  readonly logLines: JobLogLine[] = [];
  telemetryFollowers = 0;
  busy = false;
  state: WorkspaceStatus['state'] = 'open';
  closed = false;
  #door: WorkspaceStatus['engine'] = null;

  readonly devices = {
    list: () => Promise.reject(new Error('secret data value 4711 in a driver message')),
    telemetry: () => {
      this.telemetryFollowers++;
      return { stop: () => void this.telemetryFollowers-- };
    },
  };

  readonly #rooms = {
    jobs: {
      start: (kind: string, input: unknown) => {
        this.started.push({ kind, input });
        return { job: `job-${this.started.length}` };
      },
      list: () => [],
      get: ({ id }: { id: string }) => this.job(id, 'running'),
      logs: ({ after, limit }: { after: number; limit: number }) =>
        this.logLines.filter((line) => line.sequence > after).slice(0, limit),
      cancel: ({ id }: { id: string }) => this.job(id, 'cancelled'),
      retry: ({ id }: { id: string }) => this.job(id, 'queued'),
    },
    data: {
      list: () => [],
      get: ({ name }: { name: string }) => {
        throw new FalajError('NOT_FOUND', `There is no dataset "${name}".`, {
          hint: 'See `falaj data ls`.',
          details: { name },
        });
      },
      remove: async () => {
        await sleep(5);
        return { removed: true as const };
      },
      profile: () => [{ nonsense: true }],
    },
    training: {
      get: ({ name }: { name: string }) => {
        throw new FalajError('NOT_FOUND', `There is no Training "${name}".`);
      },
    },
    models: {},
  };

  get rooms() {
    if (this.state !== 'open') throw new FalajError('WORKSPACE_LOCKED', 'The workspace is locked.');
    return this.#rooms;
  }

  setTrackingDoor(): void {
    // It starts no programs that could use one.
  }

  setDoor(door: WorkspaceStatus['engine']): void {
    this.#door = door;
  }

  status(): WorkspaceStatus {
    return {
      workspace: '/tiny',
      state: this.state,
      locked: this.state !== 'open',
      name: 'Tiny',
      engine: this.#door,
      version: '0',
    };
  }

  unlock(): WorkspaceStatus {
    this.state = 'open';
    return this.status();
  }

  lock(): WorkspaceStatus {
    this.state = 'locked';
    return this.status();
  }

  close(): Promise<void> {
    this.closed = true;
    return Promise.resolve();
  }

  job(id: string, state: Job['state']): Job {
    return jobOf({ id, state });
  }

  /** The few rooms a test calls stand for all of them. */
  asHosted(): HostedEngine {
    return this as unknown as HostedEngine;
  }
}
