import type { DeviceMessage } from '../../../shared/contract/types.ts';
import { deviceMessage } from '../device-messages.ts';
import type { FoundDevice } from '../found-device.ts';
import { COMPUTE_APP_FIELDS, parseComputeApps } from '../nvidia-query.ts';
import { parseSliceReport } from '../nvidia-slices.ts';
import type { CommandResult, Surroundings } from '../surroundings.ts';
import type { DeviceUse } from './device-use.ts';

const TIMEOUT_MS = 5_000;

/** Programs that compute on NVIDIA devices, by the driver's own count. The names of other people's programs are told, too. */
export async function readNvidiaProcesses(
  around: Surroundings,
  devices: readonly FoundDevice[],
): Promise<{ readonly uses: readonly DeviceUse[]; readonly trouble: DeviceMessage | null }> {
  const ask = (...args: string[]): Promise<CommandResult> =>
    around.run('nvidia-smi', args, { timeoutMs: TIMEOUT_MS });
  const isCut = devices.some(({ split }) => split);
  const [apps, report] = await Promise.all([
    ask(`--query-compute-apps=${COMPUTE_APP_FIELDS.join(',')}`, '--format=csv,noheader,nounits'),
    isCut ? ask('-q') : null,
  ]);
  const trouble = apps.exitCode === 0 ? null : deviceMessage('processesNotListed', { tool: 'nvidia-smi' });
  const bySlice = report === null ? [] : sliceUses(report.stdout, devices);
  const known = new Set(bySlice.map(({ pid }) => pid));
  const byCard = parseComputeApps(apps.stdout)
    .filter(({ pid }) => !known.has(pid))
    .map(({ gpuUuid, pid, name, memoryBytes }) => ({
      device: gpuUuid,
      pid,
      name,
      memoryBytes,
      utilization: null,
    }));
  return { uses: [...bySlice, ...byCard], trouble };
}

/** The list of processes names the whole card of a slice; only the long report tells the slice. */
function sliceUses(report: string, devices: readonly FoundDevice[]): DeviceUse[] {
  const { slices, processes } = parseSliceReport(report);
  return [...processes].flatMap(([card, owners]) =>
    owners.flatMap(({ pid, name, memoryBytes, gpuInstance }) => {
      const slice = slices.find(
        ({ parentUuid, gpuInstance: instance }) => parentUuid === card && instance === gpuInstance,
      );
      const device = devices.find(({ parent, index }) => parent === card && index === slice?.index);
      return gpuInstance === null || device === undefined
        ? []
        : [{ device: device.id, pid, name, memoryBytes, utilization: null }];
    }),
  );
}
