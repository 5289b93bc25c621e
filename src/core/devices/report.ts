import type {
  Accelerator,
  CpuInfo,
  DeviceHealth,
  DeviceReport,
  KernelLogAccess,
  MemoryInfo,
} from '../../shared/contract/types.ts';
import { identifyAdapter } from './adapter.ts';
import { environmentWarnings } from './environment-warnings.ts';
import { type FoundDevice, foundDevice, type ProbeFinding } from './found-device.ts';
import { UNKNOWN_HEALTH } from './health/assess-health.ts';
import type { ProbeRuntime } from './probe-result.ts';
import { hasCudaCode, isRuntimeBuilt, reportedRuntimes } from './runtimes.ts';
import type { Verification } from './verification.ts';

const NOT_TRIED = 'Not tried yet: start a verification.';

/** What is known of trials. `of(runtime, null)` is a trial that could not name its device. */
export interface KnownTrials {
  of(runtime: ProbeRuntime, device: FoundDevice | null): Verification | null;
}

export interface ReportFacts {
  readonly cpus: CpuInfo;
  readonly memory: MemoryInfo;
  readonly findings: readonly ProbeFinding[];
  readonly devices: readonly FoundDevice[];
  readonly health: DevicesHealth;
  readonly trials: KnownTrials;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly architecture: string;
}

/** What was judged of the devices' health. */
export interface DevicesHealth {
  readonly of: ReadonlyMap<string, DeviceHealth>;
  /** Devices that were there before and are lost. */
  readonly lost: ReadonlySet<string>;
  readonly kernelLog: KernelLogAccess;
  /** Errors of devices that no probe found. */
  readonly strays: readonly string[];
}

/** Runtimes that choose the device themselves and whose work shows which devices they are about. */
const GRAPHICS_RUNTIMES = ['webgpu', 'dml'] as const;

interface GraphicsTrial {
  readonly trial: Verification;
  readonly software: string | null;
  readonly candidates: readonly FoundDevice[];
}

function graphicsTrials(facts: ReportFacts): readonly GraphicsTrial[] {
  return GRAPHICS_RUNTIMES.flatMap((runtime) => {
    const trial = facts.trials.of(runtime, null);
    if (!trial) return [];
    const ran = trial.outcome === 'verified' && trial.result !== null;
    return [
      {
        trial,
        ...(ran ? identifyAdapter(trial.result!, facts.devices) : { software: null, candidates: [] }),
      },
    ];
  });
}

/** Whether a device may be called verified, and why. */
function judgeDevice(
  device: FoundDevice,
  facts: ReportFacts,
  graphics: readonly GraphicsTrial[],
): Pick<Accelerator, 'verified' | 'reason'> {
  if (facts.health.lost.has(device.id))
    return { verified: false, reason: 'It was there before and is lost.' };
  if (device.split)
    return { verified: false, reason: 'Split into slices: a slice is used, never the whole.' };
  const reasons: string[] = [];
  const own = facts.trials.of('cuda', device);
  if (own?.outcome === 'verified') return { verified: true, reason: own.reason };
  if (own) reasons.push(`cuda: ${own.reason}`);
  for (const { trial, software, candidates } of graphics) {
    if (candidates.length === 1 && candidates[0]!.id === device.id)
      return { verified: true, reason: trial.reason };
    if (candidates.some((candidate) => candidate.id === device.id)) {
      reasons.push(`${trial.runtime}: works, but not known on which of ${candidates.length} devices.`);
    } else if (software !== null) {
      reasons.push(`${trial.runtime}: only a software adapter answered (${software}).`);
    } else {
      reasons.push(`${trial.runtime}: ${trial.reason}`);
    }
  }
  return { verified: false, reason: reasons.length > 0 ? reasons.join(' ') : NOT_TRIED };
}

function softwareAdapters(graphics: readonly GraphicsTrial[]): readonly Accelerator[] {
  return graphics.flatMap(({ trial, software }) => {
    if (software === null) return [];
    const {
      pciAddress: _address,
      index: _index,
      split: _split,
      health: _health,
      ...known
    } = foundDevice({
      id: `software-${trial.runtime}`,
      kind: 'webgpu',
      vendor: 'software',
      name: software,
      software: true,
      sources: [trial.runtime],
    });
    const reason =
      'A software adapter computes on the processor and is slower than the CPU backend: never offered.';
    return [{ ...known, sources: [...known.sources], health: UNKNOWN_HEALTH, verified: false, reason }];
  });
}

type Backend = DeviceReport['backends'][number];

function judgeBackend(name: ProbeRuntime, facts: ReportFacts, graphics: readonly GraphicsTrial[]): Backend {
  const no = (reason: string): Backend => ({ name, available: false, reason });
  if (!isRuntimeBuilt(name, facts.platform, facts.architecture)) {
    return no(`There is no build for ${facts.platform} ${facts.architecture}.`);
  }
  if (name === 'cuda') {
    const cards = facts.devices.filter(
      (device) => device.kind === 'cuda' && !facts.health.lost.has(device.id),
    );
    if (cards.length === 0) return no('No NVIDIA device was found.');
    const trials = cards.flatMap((card) => facts.trials.of('cuda', card) ?? []);
    const verified = trials.find((trial) => trial.outcome === 'verified');
    if (verified) return { name, available: true, reason: verified.reason };
    return no(trials.find((trial) => trial.outcome === 'failed')?.reason ?? trials[0]?.reason ?? NOT_TRIED);
  }
  const trial = facts.trials.of(name, null);
  if (!trial) {
    return name === 'cpu' ? { name, available: true, reason: 'Bundled; not tried yet.' } : no(NOT_TRIED);
  }
  const software = graphics.find((graphic) => graphic.trial.runtime === name)?.software ?? null;
  if (software !== null) return no(`Only a software adapter answered (${software}).`);
  return { name, available: trial.outcome === 'verified', reason: trial.reason };
}

function collectWarnings(facts: ReportFacts): string[] {
  const { cpus, devices, findings } = facts;
  const warnings = [...environmentWarnings(facts.environment)];
  if (cpus.effectiveCores < cpus.logicalCores) {
    warnings.push(
      `Only ${cpus.effectiveCores} of ${cpus.logicalCores} cores may be used here (control group or affinity).`,
    );
  }
  const broken = findings.filter(({ report }) => report.outcome === 'failed');
  if (devices.length === 0 && broken.length > 0) {
    warnings.push(`A device may be missing: ${broken.map(({ report }) => report.probe).join(', ')} failed.`);
  }
  for (const device of devices) {
    if (device.split && !devices.some((slice) => slice.parent === device.id)) {
      warnings.push(`${device.name} is set to be split (MIG) but has no slice: nothing can run on it.`);
    }
    if (device.kind === 'cuda' && !hasCudaCode(device.computeCapability)) {
      warnings.push(
        `${device.name}: the CUDA provider has no code for compute capability ${device.computeCapability}.`,
      );
    }
  }
  warnings.push(...facts.health.strays);
  return warnings;
}

/** The report of the contract from what the probes found and what trials are known. Pure. */
export function assembleReport(facts: ReportFacts): DeviceReport {
  const graphics = graphicsTrials(facts);
  const accelerators = facts.devices.map((device): Accelerator => {
    const { pciAddress: _address, index: _index, split: _split, health: _figures, ...known } = device;
    return {
      ...known,
      health: facts.health.of.get(device.id) ?? UNKNOWN_HEALTH,
      sources: [...known.sources],
      ...judgeDevice(device, facts, graphics),
    };
  });
  return {
    cpus: facts.cpus,
    memory: facts.memory,
    accelerators: [...accelerators, ...softwareAdapters(graphics)],
    probes: facts.findings.map(({ report }) => report),
    kernelLog: facts.health.kernelLog,
    backends: reportedRuntimes(facts.platform).map((name) => judgeBackend(name, facts, graphics)),
    warnings: collectWarnings(facts),
  };
}
