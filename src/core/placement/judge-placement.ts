import type { Accelerator, DeviceReport, RunCheckRow } from '../../shared/contract/types.ts';
import { acceleratorBytes, hostBytes, type Workload } from './workload.ts';

type Verdict = Pick<RunCheckRow, 'canRun' | 'reason' | 'detail' | 'messages' | 'cause'>;
/** What the devices' report says of it. */
type Said = Pick<RunCheckRow, 'detail' | 'messages' | 'cause'>;

const NOTHING: Said = { detail: '', messages: [], cause: null };
const saidOf = (said: Pick<Accelerator, 'reason' | 'messages'> | undefined): Said =>
  said === undefined ? NOTHING : { detail: said.reason, messages: said.messages, cause: null };

const saidOfFailure = (cause: Said['cause']): Said => ({ detail: cause?.message ?? '', messages: [], cause });

const no = (reason: RunCheckRow['reason'], said: Said = NOTHING): Verdict => ({
  canRun: false,
  reason,
  ...said,
});

function byMemory(neededBytes: number, freeBytes: number | null): Verdict {
  if (freeBytes === null) return { canRun: null, reason: 'memoryUnknown', ...NOTHING };
  return neededBytes > freeBytes ? no('memory') : { canRun: true, reason: 'fits', ...NOTHING };
}

const isServable = (workload: Workload): boolean => workload.kind !== 'model' || workload.isServable;

function onProcessor(workload: Workload, { cpus, memory }: DeviceReport): RunCheckRow {
  const neededBytes = hostBytes(workload);
  const freeBytes = Math.min(memory.availableBytes, memory.cgroupLimitBytes ?? Number.POSITIVE_INFINITY);
  const verdict = isServable(workload) ? byMemory(neededBytes, freeBytes) : no('notServable');
  return {
    device: 'cpu',
    name: cpus.model,
    runtime: verdict.reason === 'notServable' ? null : 'cpu',
    ...verdict,
    neededBytes,
    freeBytes,
  };
}

/** Whether this kind of work is done on accelerators at all. */
function refusal(workload: Workload): Verdict | null {
  if (!isServable(workload)) return no('notServable');
  if (workload.kind === 'model') return workload.isTree ? no('cpuOnly') : null;
  if (workload.learnsOn === 'any') return null;
  if (workload.learnsOn === 'script') return { canRun: null, reason: 'script', ...NOTHING };
  return no(workload.learnsOn === 'cpu' ? 'cpuOnly' : 'cpuChosen');
}

/** Networks learn through Dawn, which chooses its adapter itself: with several devices it cannot be told on which. */
function byDawn({ backends }: DeviceReport, targets: readonly Accelerator[]): Verdict | null {
  const dawn = backends.find(({ name }) => name === 'dawn');
  if (dawn?.available !== true) return no('unverified', saidOf(dawn));
  return targets.length > 1 ? { canRun: null, reason: 'ambiguous', ...saidOf(dawn) } : null;
}

function onAccelerator(
  workload: Workload,
  accelerator: Accelerator,
  report: DeviceReport,
  targets: readonly Accelerator[],
): RunCheckRow {
  const { id, name, kind, health, verified, memoryFreeBytes } = accelerator;
  const neededBytes = acceleratorBytes(workload);
  const refused = refusal(workload);
  const verdict =
    refused ??
    (health.state === 'failed' ? no('failed', saidOfFailure(health.causes[0] ?? null)) : null) ??
    (workload.kind === 'training'
      ? byDawn(report, targets)
      : verified
        ? null
        : no('unverified', saidOf(accelerator))) ??
    byMemory(neededBytes, memoryFreeBytes);
  return {
    device: id,
    name,
    runtime: refused !== null ? null : workload.kind === 'model' && kind === 'cuda' ? 'cuda' : 'webgpu',
    ...verdict,
    neededBytes: refused === null ? neededBytes : null,
    freeBytes: memoryFreeBytes,
  };
}

/** Where a workload can run: the processor, and every accelerator that is a target by itself. Pure. */
export function judgePlacement(workload: Workload, report: DeviceReport): RunCheckRow[] {
  const cut = new Set(report.accelerators.map(({ parent }) => parent));
  const targets = report.accelerators.filter(({ id, software }) => !software && !cut.has(id));
  return [
    onProcessor(workload, report),
    ...targets.map((accelerator) => onAccelerator(workload, accelerator, report, targets)),
  ];
}
