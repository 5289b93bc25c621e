import { z } from 'zod';
import { countDevices, finding, foundDevice, type ProbeFinding } from './found-device.ts';
import type { Surroundings } from './surroundings.ts';

const PROBE = 'windows-registry';
const TIMEOUT_MS = 20_000;

/**
 * Display adapters of the registry. `HardwareInformation.qwMemorySize` is 64-bit; the better known AdapterRAM is not asked,
 * for it stops at 4 GB.
 */
const SCRIPT = [
  "$class = 'HKLM:\\SYSTEM\\CurrentControlSet\\Control\\Class\\{4d36e968-e325-11ce-bfc1-08002be10318}\\0*'",
  'ConvertTo-Json -Compress @(Get-ItemProperty $class -ErrorAction SilentlyContinue | Select-Object DriverDesc,' +
    "ProviderName,DriverVersion,MatchingDeviceId,@{n='MemoryBytes';e={$_.'HardwareInformation.qwMemorySize'}})",
].join('; ');

const adapter = z.object({
  DriverDesc: z.string().nullish(),
  ProviderName: z.string().nullish(),
  DriverVersion: z.string().nullish(),
  MatchingDeviceId: z.string().nullish(),
  MemoryBytes: z.number().nullish(),
});

const VENDORS: Readonly<
  Record<string, { readonly vendor: string; readonly kind: 'cuda' | 'rocm' | 'oneapi' }>
> = {
  '10de': { vendor: 'NVIDIA', kind: 'cuda' },
  '1002': { vendor: 'AMD', kind: 'rocm' },
  '8086': { vendor: 'Intel', kind: 'oneapi' },
};

export async function probeWindows(around: Surroundings): Promise<ProbeFinding> {
  if (around.platform !== 'win32') return finding(PROBE, 'unavailable', 'The registry is only on Windows.');
  const result = await around.run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', SCRIPT], {
    timeoutMs: TIMEOUT_MS,
  });
  if (result.missing) return finding(PROBE, 'unavailable', 'PowerShell is not there.');
  if (result.timedOut) return finding(PROBE, 'failed', 'PowerShell did not answer in 20 s.');
  let adapters: z.infer<typeof adapter>[];
  try {
    adapters = z.array(adapter).parse(JSON.parse(result.stdout));
  } catch {
    return finding(PROBE, 'failed', 'The list of display adapters could not be read.');
  }
  const devices = adapters.flatMap((entry, position) => {
    const vendorId = /VEN_([0-9a-f]{4})/i.exec(entry.MatchingDeviceId ?? '')?.[1]?.toLowerCase() ?? '';
    const known = VENDORS[vendorId];
    if (!known) return [];
    return [
      foundDevice({
        id: `windows-${position}-${vendorId}`,
        ...known,
        name: entry.DriverDesc ?? `${known.vendor} graphics`,
        memoryTotalBytes: entry.MemoryBytes ? entry.MemoryBytes : null,
        driverVersion: entry.DriverVersion ?? null,
        sources: [PROBE],
      }),
    ];
  });
  return devices.length === 0
    ? finding(PROBE, 'none', `${adapters.length} display adapters, none that computes.`)
    : finding(PROBE, 'found', `${countDevices(devices.length)}.`, devices);
}
