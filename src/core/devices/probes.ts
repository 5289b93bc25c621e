import type { MemoryInfo } from '../../shared/contract/types.ts';
import { probeAmd } from './amd-probe.ts';
import { probeApple } from './apple-probe.ts';
import { quoted } from './device-messages.ts';
import { finding, type ProbeFinding } from './found-device.ts';
import { probeIntel, probeIntelTool } from './intel-probe.ts';
import { NvidiaProbe } from './nvidia-probe.ts';
import { probePci } from './pci-probe.ts';
import type { Surroundings } from './surroundings.ts';
import { probeSystemInformation } from './system-information-probe.ts';
import { probeWindows } from './windows-probe.ts';

/** Tools that take a second or more and whose answer does not change are asked again only after this. */
const SLOW_PROBE_MS = 60_000;

/** All the ways to find a device, most trusted first. A probe that breaks reports so and hides nothing else. */
export class DeviceProbes {
  readonly nvidia: NvidiaProbe;
  readonly #around: Surroundings;
  readonly #slow = new Map<string, { readonly at: number; readonly found: Promise<ProbeFinding> }>();

  constructor(around: Surroundings) {
    this.#around = around;
    this.nvidia = new NvidiaProbe(around);
  }

  async run(memory: MemoryInfo): Promise<readonly ProbeFinding[]> {
    const around = this.#around;
    const findings = await Promise.all([
      guarded('nvidia-smi', () => this.nvidia.probe(memory)),
      guarded('amd-sysfs', () => probeAmd(around)),
      this.#seldom('xpu-smi', () => probeIntelTool(around)),
      guarded('intel-sysfs', () => probeIntel(around, memory)),
      this.#seldom('system-profiler', () => probeApple(around, memory)),
      this.#seldom('windows-registry', () => probeWindows(around)),
      guarded('pci', () => probePci(around)),
    ]);
    const answered = findings.some(({ report }) => report.outcome === 'found' || report.outcome === 'none');
    if (answered) return findings;
    return [...findings, await this.#seldom('systeminformation', () => probeSystemInformation(around))];
  }

  /** Forgets the slow answers, so that the next run asks again. */
  forget(): void {
    this.#slow.clear();
  }

  #seldom(name: string, probe: () => Promise<ProbeFinding>): Promise<ProbeFinding> {
    const known = this.#slow.get(name);
    const now = this.#around.clock();
    if (known && now - known.at < SLOW_PROBE_MS) return known.found;
    const found = guarded(name, probe);
    this.#slow.set(name, { at: now, found });
    return found;
  }
}

async function guarded(name: string, probe: () => Promise<ProbeFinding>): Promise<ProbeFinding> {
  try {
    return await probe();
  } catch (error) {
    return finding(name, 'failed', quoted(error instanceof Error ? error.message : String(error)));
  }
}
