import { z } from 'zod';
import { deviceMessage } from './device-messages.ts';
import { countDevices, finding, foundDevice, type ProbeFinding } from './found-device.ts';
import type { Surroundings } from './surroundings.ts';

const PROBE = 'windows-registry';
const TOOL = 'PowerShell';
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

/** The script writes every key of every record: one that lacks a key was torn. */
const adapter = z.object({
  DriverDesc: z.string().nullable(),
  ProviderName: z.string().nullable(),
  DriverVersion: z.string().nullable(),
  MatchingDeviceId: z.string().nullable(),
  MemoryBytes: z.number().nullable(),
});

const VENDORS = [
  { pattern: /VEN_10DE|NVIDIA/i, vendor: 'NVIDIA', kind: 'cuda' },
  { pattern: /VEN_1002|Advanced Micro|\bAMD\b/i, vendor: 'AMD', kind: 'rocm' },
  { pattern: /VEN_8086|Intel\b/i, vendor: 'Intel', kind: 'oneapi' },
] as const;

export async function probeWindows(around: Surroundings): Promise<ProbeFinding> {
  if (around.platform !== 'win32') return finding(PROBE, 'unavailable', deviceMessage('registryElsewhere'));
  const result = await around.run('powershell.exe', ['-NoProfile', '-NonInteractive', '-Command', SCRIPT], {
    timeoutMs: TIMEOUT_MS,
  });
  if (result.missing) return finding(PROBE, 'unavailable', deviceMessage('toolMissing', { tool: TOOL }));
  if (result.timedOut)
    return finding(PROBE, 'failed', deviceMessage('toolSilent', { tool: TOOL, seconds: TIMEOUT_MS / 1000 }));
  let adapters: z.infer<typeof adapter>[];
  try {
    adapters = z.array(adapter).parse(JSON.parse(result.stdout));
  } catch {
    return finding(PROBE, 'failed', deviceMessage('toolUnreadable', { tool: TOOL }));
  }
  const devices = adapters.flatMap((entry, position) => {
    const texts = [entry.MatchingDeviceId, entry.ProviderName, entry.DriverDesc];
    const known = texts.flatMap((text) => VENDORS.find(({ pattern }) => pattern.test(text ?? '')) ?? [])[0];
    if (!known) return [];
    return [
      foundDevice({
        id: `windows-${position}-${known.vendor.toLowerCase()}`,
        vendor: known.vendor,
        kind: known.kind,
        name: entry.DriverDesc ?? `${known.vendor} graphics`,
        memoryTotalBytes: entry.MemoryBytes ? entry.MemoryBytes : null,
        driverVersion: entry.DriverVersion ?? null,
        sources: [PROBE],
      }),
    ];
  });
  return devices.length === 0
    ? finding(PROBE, 'none', deviceMessage('controllersWithoutCompute', { count: adapters.length }))
    : finding(PROBE, 'found', countDevices(devices.length), devices);
}
