import type { Readable } from 'node:stream';
import type { ChangedRoom, LiveEvent } from '../../shared/contract/types.ts';

/** What a command did. `missing` is true when the program is not installed; it never throws. */
export interface CommandResult {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly missing: boolean;
  readonly timedOut: boolean;
}

export type RunCommand = (
  command: string,
  args: readonly string[],
  options: { readonly timeoutMs: number; readonly signal?: AbortSignal },
) => Promise<CommandResult>;

/** A command that keeps writing lines until it is stopped. */
export interface FollowedCommand {
  readonly exited: Promise<void>;
  stop(): void;
}

export type FollowCommand = (
  command: string,
  args: readonly string[],
  onLine: (line: string) => void,
) => FollowedCommand;

/** The part of an isolated child that a probe needs. */
export interface ProbeChild {
  readonly stdout: Readable;
  stderrTail(): string;
  readonly exited: Promise<{
    code: number | null;
    signal: string | null;
    killedFor: 'memory' | 'time' | 'cancel' | null;
  }>;
  kill(): void;
}

export type SpawnProbe = (options: {
  readonly entry: 'device-probe';
  readonly args: readonly string[];
  readonly memoryLimitBytes: number;
  readonly timeLimitMs: number;
  readonly signal?: AbortSignal;
  readonly environment: Record<string, string>;
}) => ProbeChild;

/** What the operating system says through Node; the fallback where there is no procfs. */
export interface HostFacts {
  readonly architecture: string;
  readonly processId: number;
  availableParallelism(): number;
  /** Busy and idle time in milliseconds since start, one a logical core. */
  cpus(): readonly { readonly model: string; readonly busyMs: number; readonly idleMs: number }[];
  totalMemoryBytes(): number;
  freeMemoryBytes(): number;
  residentBytes(): number;
  /** Free bytes for this user on the file system of a folder; null when it cannot be told. */
  diskFreeBytes(folder: string): Promise<number | null>;
}

/** Everything that the detection touches, so that tests set it. */
export interface Surroundings {
  /** Root of sysfs: `/sys`. */
  readonly sysRoot: string;
  /** Root of procfs: `/proc`. */
  readonly procRoot: string;
  /** Where the kernel's log is: `/dev`. */
  readonly devRoot: string;
  /** Names of users by number: `/etc/passwd`. */
  readonly passwdFile: string;
  readonly run: RunCommand;
  readonly follow: FollowCommand;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly host: HostFacts;
}

/** What the room needs beside the detection. */
export interface DeviceRoomOptions extends Partial<Omit<Surroundings, 'clock'>> {
  readonly clock: () => number;
  readonly spawn: SpawnProbe;
  readonly publish: (event: LiveEvent) => void;
  readonly notify: (room: ChangedRoom) => void;
  /** Folder whose free disk space the telemetry shows; null for none. */
  readonly diskFolder?: () => string | null;
  /** Whether this workspace runs such a job now. */
  readonly isJob?: (id: string) => boolean;
}
