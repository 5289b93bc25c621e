import type { DeviceHealth, DeviceProcesses, DeviceReport } from '../../shared/contract/types.ts';
import type { JobContext } from '../jobs/index.ts';
import { readCpuInfo } from './cpu-info.ts';
import type { FoundDevice, ProbeFinding } from './found-device.ts';
import { isOtherHealth, judgeHealth, strayErrors, worseDevices } from './health/health-judge.ts';
import { HealthWatch } from './health/health-watch.ts';
import { KernelLog } from './health/kernel-log.ts';
import { type Absence, KnownDevices } from './health/known-devices.ts';
import { readMemoryInfo } from './memory-info.ts';
import { mergeDevices } from './merge.ts';
import type { ProbeRuntime } from './probe-result.ts';
import { DeviceProbes } from './probes.ts';
import { ProcessReader } from './processes/process-reader.ts';
import { assembleReport, type DevicesHealth, type KnownTrials } from './report.ts';
import { isRuntimeBuilt, reportedRuntimes } from './runtimes.ts';
import type { DeviceRoomOptions, Surroundings } from './surroundings.ts';
import { followSystemCommand, runSystemCommand } from './system-commands.ts';
import { systemHost } from './system-host.ts';
import { TelemetrySampler } from './telemetry/sampler.ts';
import { type Verification, Verifier } from './verification.ts';

/** Drivers are asked at most this often, however many callers there are. */
const FRESH_MS = 2_000;

interface Scan {
  readonly findings: readonly ProbeFinding[];
  readonly devices: readonly FoundDevice[];
  readonly health: DevicesHealth;
  readonly report: Pick<DeviceReport, 'cpus' | 'memory'>;
}

/** Keeps telemetry flowing until it is stopped; stopping twice is harmless. */
export interface TelemetrySubscription {
  stop(): void;
}

/**
 * The processor, the memory and the accelerators of this machine: what is there, what was proved to compute, and how busy
 * it is. Needs no workspace.
 */
export class DeviceRoom {
  readonly #around: Surroundings;
  readonly #probes: DeviceProbes;
  readonly #verifier: Verifier;
  readonly #sampler: TelemetrySampler;
  readonly #kernelLog: KernelLog;
  readonly #processes: ProcessReader;
  readonly #knownDevices = new KnownDevices();
  readonly #notify: DeviceRoomOptions['notify'];
  readonly #publish: DeviceRoomOptions['publish'];
  /** By device, driver and runtime: a new driver is a new trial. */
  readonly #trials = new Map<string, Verification>();
  /** When a device last computed right, in milliseconds since the epoch. */
  readonly #provedAtMs = new Map<string, number>();
  #health: ReadonlyMap<string, DeviceHealth> = new Map();
  #scan: Promise<Scan> | null = null;
  #scanStartedAt = Number.NEGATIVE_INFINITY;
  #subscribers = 0;

  constructor(options: DeviceRoomOptions) {
    const around: Surroundings = {
      sysRoot: options.sysRoot ?? '/sys',
      procRoot: options.procRoot ?? '/proc',
      devRoot: options.devRoot ?? '/dev',
      passwdFile: options.passwdFile ?? '/etc/passwd',
      run: options.run ?? runSystemCommand,
      follow: options.follow ?? followSystemCommand,
      environment: options.environment ?? process.env,
      platform: options.platform ?? process.platform,
      clock: options.clock,
      host: options.host ?? systemHost,
    };
    this.#around = around;
    this.#notify = options.notify;
    this.#publish = options.publish;
    this.#kernelLog = new KernelLog(around);
    this.#processes = new ProcessReader({ around, isJob: options.isJob ?? (() => true) });
    this.#probes = new DeviceProbes(around);
    this.#verifier = new Verifier({
      spawn: options.spawn,
      environment: around.environment,
      platform: around.platform,
    });
    const watch = new HealthWatch({
      kernelLog: this.#kernelLog,
      look: () => this.#lookAgain(),
      clock: around.clock,
    });
    this.#sampler = new TelemetrySampler({
      around,
      publish: (sample) => options.publish({ topic: 'telemetry', sample }),
      diskFolder: options.diskFolder ?? (() => null),
      hasNvidia: async () => (await this.#scanned()).devices.some((device) => device.kind === 'cuda'),
      nvidiaFields: () => this.#probes.nvidia.fields(),
      sampled: (alarm) => void watch.tick(alarm),
    });
  }

  /** What is known now. Runs no kernel; asks the drivers at most every two seconds. */
  async list(): Promise<DeviceReport> {
    return this.#assemble(await this.#scanned());
  }

  /** Who uses the devices now. */
  async processes(): Promise<DeviceProcesses> {
    return this.#processes.read((await this.#scanned()).devices);
  }

  /**
   * Tries every runtime in a child process, on every device where the runtime can be told which, cheapest first. A trial
   * that crashes, hangs or lies is a reason in the report, never an error.
   */
  async verify(context: Pick<JobContext, 'signal' | 'progress' | 'log'>): Promise<DeviceReport> {
    this.#probes.forget();
    this.#knownDevices.forget();
    const { devices } = await this.#lookAgain();
    const planned = this.#plan(devices);
    for (const [position, { runtime, device }] of planned.entries()) {
      const detail = device ? `${runtime} ${device.name}` : runtime;
      context.progress({ fraction: position / planned.length, step: 'verify', detail });
      const trial = await this.#verifier.verify(runtime, device, context.signal);
      this.#trials.set(trialKey(runtime, device), trial);
      if (device !== null && trial.outcome === 'verified')
        this.#provedAtMs.set(device.id, this.#around.clock());
      context.log(
        trial.outcome === 'failed' ? 'warn' : 'info',
        `${detail}: ${trial.outcome}. ${trial.reason}`,
      );
      this.#notify('devices');
    }
    context.progress({ fraction: 1, step: 'verify', detail: '' });
    return this.#assemble(await this.#lookAgain());
  }

  /** Publishes about one sample a second while at least one subscription lives. */
  telemetry(): TelemetrySubscription {
    if (this.#subscribers++ === 0) this.#sampler.start();
    let live = true;
    return {
      stop: () => {
        if (!live) return;
        live = false;
        if (--this.#subscribers === 0) this.#sampler.stop();
      },
    };
  }

  /** Ends telemetry whoever subscribes, and lets go of what is open. */
  close(): void {
    this.#subscribers = 0;
    this.#sampler.stop();
    this.#kernelLog.close();
  }

  #plan(devices: readonly FoundDevice[]): readonly { runtime: ProbeRuntime; device: FoundDevice | null }[] {
    const { platform, host } = this.#around;
    return reportedRuntimes(platform)
      .filter((runtime) => isRuntimeBuilt(runtime, platform, host.architecture))
      .flatMap((runtime): { runtime: ProbeRuntime; device: FoundDevice | null }[] =>
        runtime === 'cuda'
          ? devices.filter((device) => device.kind === 'cuda').map((device) => ({ runtime, device }))
          : [{ runtime, device: null }],
      );
  }

  #scanned(): Promise<Scan> {
    const now = this.#around.clock();
    if (this.#scan === null || now - this.#scanStartedAt >= FRESH_MS) {
      this.#scanStartedAt = now;
      this.#scan = this.#look();
    }
    return this.#scan;
  }

  #lookAgain(): Promise<Scan> {
    this.#scan = null;
    return this.#scanned();
  }

  async #look(): Promise<Scan> {
    const [cpus, memory] = await Promise.all([readCpuInfo(this.#around), readMemoryInfo(this.#around)]);
    const [findings] = await Promise.all([this.#probes.run(memory), this.#kernelLog.read()]);
    const { devices, absent } = this.#knownDevices.see(
      mergeDevices(findings.map((finding) => finding.devices)),
      findings,
    );
    const { events, access } = this.#kernelLog;
    const of = this.#judge(devices, absent);
    const health: DevicesHealth = {
      of,
      lost: new Set(absent.keys()),
      kernelLog: access,
      strays: strayErrors(devices, events),
    };
    return { findings, devices, health, report: { cpus, memory } };
  }

  /** Judges, and tells whoever listens what became worse. */
  #judge(
    devices: readonly FoundDevice[],
    absent: ReadonlyMap<string, Absence>,
  ): ReadonlyMap<string, DeviceHealth> {
    const nowMs = this.#around.clock();
    const now = judgeHealth({
      devices,
      absent,
      events: this.#kernelLog.events,
      provedAtMs: ({ id }) => this.#provedAtMs.get(id) ?? null,
      nowMs,
    });
    const changes = worseDevices(devices, this.#health, now, nowMs);
    const isOther = isOtherHealth(this.#health, now);
    this.#health = now;
    for (const change of changes) this.#publish({ topic: 'device-health', change });
    if (isOther) this.#notify('devices');
    return now;
  }

  #assemble(scan: Scan): DeviceReport {
    const { environment, platform, host } = this.#around;
    const trials: KnownTrials = {
      of: (runtime, device) => this.#trials.get(trialKey(runtime, device)) ?? null,
    };
    return assembleReport({
      ...scan,
      ...scan.report,
      trials,
      environment,
      platform,
      architecture: host.architecture,
    });
  }
}

const trialKey = (runtime: ProbeRuntime, device: FoundDevice | null): string =>
  device === null ? runtime : `${runtime} ${device.id} ${device.driverVersion ?? ''}`;
