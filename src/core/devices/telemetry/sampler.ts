import { join } from 'node:path';
import type { TelemetrySample } from '../../../shared/contract/types.ts';
import { AMD_VENDOR } from '../amd-probe.ts';
import { readText } from '../fact-files.ts';
import { type GraphicsCard, listGraphicsCards } from '../graphics-cards.ts';
import { INTEL_VENDOR } from '../intel-probe.ts';
import { parseMemInfo } from '../memory-info.ts';
import type { Surroundings } from '../surroundings.ts';
import { readCardLoad } from './accelerator-load.ts';
import { type CpuTimes, loadBetween, parseCpuTimes } from './cpu-load.ts';
import { NvidiaStream } from './nvidia-stream.ts';

const PERIOD_MS = 1_000;
/** The first sample needs two readings; a short gap shows it soon. */
const FIRST_MS = 250;
/** macOS tells free memory only through a program, so it is asked less often. */
const SLOW_MEMORY_MS = 5_000;

export interface SamplerOptions {
  readonly around: Surroundings;
  readonly publish: (sample: TelemetrySample) => void;
  readonly diskFolder: () => string | null;
  readonly hasNvidia: () => Promise<boolean>;
  readonly nvidiaFields: () => Promise<readonly string[]>;
  /** After each sample, with what must not change; empty without NVIDIA's tool. */
  readonly sampled: (alarm: string) => void;
}

interface Reading {
  readonly all: CpuTimes;
  readonly cores: readonly CpuTimes[];
}

/** Reads counters about once a second between `start` and `stop`, and publishes the differences. */
export class TelemetrySampler {
  readonly #options: SamplerOptions;
  #timer: NodeJS.Timeout | null = null;
  #session = 0;
  #before: Reading | null = null;
  #cards: readonly GraphicsCard[] = [];
  #nvidia: NvidiaStream | null = null;
  #slowMemory: { at: number; availableBytes: number } | null = null;

  constructor(options: SamplerOptions) {
    this.#options = options;
  }

  start(): void {
    const session = ++this.#session;
    void this.#prepare(session);
  }

  stop(): void {
    this.#session++;
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    this.#nvidia?.stop();
    this.#nvidia = null;
    this.#before = null;
  }

  async #prepare(session: number): Promise<void> {
    const { around } = this.#options;
    if (around.platform === 'linux') {
      const cards = (await listGraphicsCards(around.sysRoot)) ?? [];
      this.#cards = cards.filter((card) => card.vendor === AMD_VENDOR || card.vendor === INTEL_VENDOR);
    }
    this.#before = await this.#readCpu();
    this.#schedule(session, FIRST_MS);
    if (!(await this.#options.hasNvidia())) return;
    const fields = await this.#options.nvidiaFields();
    if (session === this.#session) this.#nvidia = new NvidiaStream(around, fields);
  }

  #schedule(session: number, delayMs: number): void {
    if (session !== this.#session) return;
    this.#timer = setTimeout(async () => {
      const sample = await this.#sample();
      if (session !== this.#session) return;
      this.#options.publish(sample);
      this.#options.sampled(this.#nvidia?.alarm ?? '');
      this.#schedule(session, PERIOD_MS);
    }, delayMs);
    this.#timer.unref();
  }

  async #sample(): Promise<TelemetrySample> {
    const { around, diskFolder } = this.#options;
    const before = this.#before;
    const now = await this.#readCpu();
    this.#before = now;
    const memory = await this.#readMemory();
    const folder = diskFolder();
    return {
      at: around.clock(),
      cpuUtilization: loadBetween(before?.all, now.all),
      cpuPerCore: now.cores.map((core, index) => loadBetween(before?.cores[index], core)),
      memoryUsedBytes: memory.totalBytes - memory.availableBytes,
      memoryTotalBytes: memory.totalBytes,
      engineRssBytes: around.host.residentBytes(),
      diskFreeBytes: folder === null ? null : await around.host.diskFreeBytes(folder),
      accelerators: [...(this.#nvidia?.read() ?? []), ...(await Promise.all(this.#cards.map(readCardLoad)))],
    };
  }

  async #readCpu(): Promise<Reading> {
    const { around } = this.#options;
    const text = around.platform === 'linux' ? await readText(join(around.procRoot, 'stat')) : null;
    const parsed = text === null ? null : parseCpuTimes(text);
    if (parsed) return parsed;
    const cores = around.host.cpus().map(({ busyMs, idleMs }) => ({ busy: busyMs, total: busyMs + idleMs }));
    const sum = (pick: (core: CpuTimes) => number): number =>
      cores.reduce((total, core) => total + pick(core), 0);
    return { all: { busy: sum((core) => core.busy), total: sum((core) => core.total) }, cores };
  }

  async #readMemory(): Promise<{ readonly totalBytes: number; readonly availableBytes: number }> {
    const { around } = this.#options;
    const text = around.platform === 'linux' ? await readText(join(around.procRoot, 'meminfo')) : null;
    const parsed = text === null ? null : parseMemInfo(text);
    if (parsed) return parsed;
    const totalBytes = around.host.totalMemoryBytes();
    if (around.platform !== 'darwin') return { totalBytes, availableBytes: around.host.freeMemoryBytes() };
    const now = around.clock();
    if (this.#slowMemory === null || now - this.#slowMemory.at >= SLOW_MEMORY_MS) {
      // Node's own figure leaves out memory that macOS would give back at once.
      const { mem } = await import('systeminformation');
      const availableBytes = await mem().then(
        (facts) => facts.available,
        () => around.host.freeMemoryBytes(),
      );
      this.#slowMemory = { at: now, availableBytes };
    }
    return { totalBytes, availableBytes: this.#slowMemory.availableBytes };
  }
}
