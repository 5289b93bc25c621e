import type {
  Accelerator,
  CpuInfo,
  DeviceHealth,
  DeviceMessage,
  DeviceReport,
  KernelLogAccess,
  MemoryInfo,
} from '../../shared/contract/types.ts';
import { identifyAdapter } from './adapter.ts';
import { deviceMessage, englishText } from './device-messages.ts';
import { environmentWarnings } from './environment-warnings.ts';
import { type FoundDevice, foundDevice, type ProbeFinding } from './found-device.ts';
import { UNKNOWN_HEALTH } from './health/assess-health.ts';
import type { ProbeRuntime } from './probe-result.ts';
import { hasCudaCode, isRuntimeBuilt, reportedRuntimes } from './runtimes.ts';
import type { Verification } from './verification.ts';

const NOT_TRIED = deviceMessage('notTried');

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
  readonly strays: readonly DeviceMessage[];
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

const explained = (messages: readonly DeviceMessage[]): { reason: string; messages: DeviceMessage[] } => ({
  reason: englishText(messages),
  messages: [...messages],
});

/** Whether a device may be called verified, and why. */
function judgeDevice(
  device: FoundDevice,
  facts: ReportFacts,
  graphics: readonly GraphicsTrial[],
): Pick<Accelerator, 'verified' | 'reason' | 'messages'> {
  const no = (messages: readonly DeviceMessage[]) => ({ verified: false, ...explained(messages) });
  if (facts.health.lost.has(device.id)) return no([deviceMessage('lost')]);
  if (device.split) return no([deviceMessage('split')]);
  const reasons: DeviceMessage[] = [];
  const because = (about: string, messages: readonly DeviceMessage[]): void => {
    reasons.push(...messages.map((message, index) => (index === 0 ? { ...message, about } : message)));
  };
  const own = facts.trials.of('cuda', device);
  if (own?.outcome === 'verified') return { verified: true, ...explained(own.messages) };
  if (own) because('cuda', own.messages);
  for (const { trial, software, candidates } of graphics) {
    if (candidates.length === 1 && candidates[0]!.id === device.id)
      return { verified: true, ...explained(trial.messages) };
    if (candidates.some((candidate) => candidate.id === device.id)) {
      because(trial.runtime, [deviceMessage('worksOnOneOf', { devices: candidates.length })]);
    } else if (software !== null) {
      because(trial.runtime, [deviceMessage('softwareOnly', { adapter: software })]);
    } else {
      because(trial.runtime, trial.messages);
    }
  }
  return no(reasons.length > 0 ? reasons : [NOT_TRIED]);
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
    return [
      {
        ...known,
        sources: [...known.sources],
        health: UNKNOWN_HEALTH,
        verified: false,
        ...explained([deviceMessage('softwareNever')]),
      },
    ];
  });
}

type Backend = DeviceReport['backends'][number];

function judgeBackend(name: ProbeRuntime, facts: ReportFacts, graphics: readonly GraphicsTrial[]): Backend {
  const say = (available: boolean, messages: readonly DeviceMessage[]): Backend => ({
    name,
    available,
    ...explained(messages),
  });
  const no = (message: DeviceMessage): Backend => say(false, [message]);
  if (!isRuntimeBuilt(name, facts.platform, facts.architecture)) {
    const { platform, architecture } = facts;
    return no(deviceMessage('noBuild', { platform, architecture }));
  }
  if (name === 'cuda') {
    const cards = facts.devices.filter(
      (device) => device.kind === 'cuda' && !facts.health.lost.has(device.id),
    );
    if (cards.length === 0) return no(deviceMessage('noNvidiaDevice'));
    const trials = cards.flatMap((card) => facts.trials.of('cuda', card) ?? []);
    const verified = trials.find((trial) => trial.outcome === 'verified');
    if (verified) return say(true, verified.messages);
    const telling = trials.find((trial) => trial.outcome === 'failed') ?? trials[0];
    return say(false, telling?.messages ?? [NOT_TRIED]);
  }
  const trial = facts.trials.of(name, null);
  if (!trial) {
    return name === 'cpu' ? say(true, [deviceMessage('bundled')]) : no(NOT_TRIED);
  }
  const software = graphics.find((graphic) => graphic.trial.runtime === name)?.software ?? null;
  if (software !== null) return no(deviceMessage('softwareOnly', { adapter: software }));
  return say(trial.outcome === 'verified', trial.messages);
}

function collectWarnings(facts: ReportFacts): DeviceMessage[] {
  const { cpus, devices, findings } = facts;
  const warnings = [...environmentWarnings(facts.environment)];
  if (cpus.effectiveCores < cpus.logicalCores) {
    const values = { usable: cpus.effectiveCores, cores: cpus.logicalCores };
    warnings.push(deviceMessage('fewerCores', values));
  }
  const broken = findings.filter(({ report }) => report.outcome === 'failed');
  if (devices.length === 0 && broken.length > 0) {
    const probes = broken.map(({ report }) => report.probe).join(', ');
    warnings.push(deviceMessage('probesFailed', { probes }));
  }
  for (const device of devices) {
    if (device.split && !devices.some((slice) => slice.parent === device.id)) {
      warnings.push(deviceMessage('splitWithoutSlice', { device: device.name }));
    }
    const { name, computeCapability: capability } = device;
    if (device.kind === 'cuda' && capability !== null && !hasCudaCode(capability))
      warnings.push(deviceMessage('cardWithoutCode', { device: name, capability }));
  }
  warnings.push(...facts.health.strays);
  return warnings;
}

/** The report of the contract from what the probes found and what trials are known. Pure. */
export function assembleReport(facts: ReportFacts): DeviceReport {
  const graphics = graphicsTrials(facts);
  const warnings = collectWarnings(facts);
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
    warnings: warnings.map(({ text }) => text),
    warningMessages: warnings,
  };
}
