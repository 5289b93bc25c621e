import { z } from 'zod';
import type { MemoryInfo } from '../../shared/contract/types.ts';
import { deviceMessage } from './device-messages.ts';
import { countDevices, finding, foundDevice, type ProbeFinding } from './found-device.ts';
import type { Surroundings } from './surroundings.ts';

const PROBE = 'system-profiler';
const TOOL = 'system_profiler';
const TIMEOUT_MS = 15_000;

const display = z.looseObject({
  _name: z.string().optional(),
  sppci_model: z.string().optional(),
  spdisplays_vendor: z.string().optional(),
  sppci_vendor: z.string().optional(),
  spdisplays_vram: z.string().optional(),
  spdisplays_mtlgpufamilysupport: z.string().optional(),
  sppci_bus: z.string().optional(),
});
const profile = z.object({ SPDisplaysDataType: z.array(display) });

/** `8 GB`, `1536 MB` as macOS writes them (binary units), in bytes. */
export function parseAppleSize(text: string | undefined): number | null {
  const match = /^(\d+(?:\.\d+)?)\s*(MB|GB)$/.exec(text?.trim() ?? '');
  return match ? Number(match[1]) * (match[2] === 'GB' ? 2 ** 30 : 2 ** 20) : null;
}

/** GPUs of a Mac from `system_profiler SPDisplaysDataType -json`; Apple's own share the host's memory. */
export async function probeApple(around: Surroundings, memory: MemoryInfo): Promise<ProbeFinding> {
  if (around.platform !== 'darwin')
    return finding(PROBE, 'unavailable', deviceMessage('toolElsewhere', { tool: TOOL, system: 'macOS' }));
  const result = await around.run(TOOL, ['SPDisplaysDataType', '-json'], {
    timeoutMs: TIMEOUT_MS,
  });
  if (result.missing) return finding(PROBE, 'unavailable', deviceMessage('toolMissing', { tool: TOOL }));
  if (result.timedOut)
    return finding(PROBE, 'failed', deviceMessage('toolSilent', { tool: TOOL, seconds: TIMEOUT_MS / 1000 }));
  let parsed: z.infer<typeof profile>;
  try {
    parsed = profile.parse(JSON.parse(result.stdout));
  } catch {
    return finding(PROBE, 'failed', deviceMessage('toolUnreadable', { tool: TOOL }));
  }
  const devices = parsed.SPDisplaysDataType.map((card, position) => {
    const name = card.sppci_model ?? card._name ?? 'Graphics';
    const vendorText = card.spdisplays_vendor ?? card.sppci_vendor ?? name;
    const vendor = /apple/i.test(vendorText)
      ? 'Apple'
      : /amd|ati/i.test(vendorText)
        ? 'AMD'
        : /intel/i.test(vendorText)
          ? 'Intel'
          : 'unknown';
    const dedicated = parseAppleSize(card.spdisplays_vram);
    const unifiedMemory = vendor === 'Apple' || (vendor === 'Intel' && dedicated === null);
    return foundDevice({
      id: `metal-${position}-${name.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-')}`,
      kind: 'metal',
      vendor,
      name,
      memoryTotalBytes: unifiedMemory ? memory.totalBytes : dedicated,
      memoryFreeBytes: unifiedMemory ? memory.availableBytes : null,
      unifiedMemory,
      computeCapability: card.spdisplays_mtlgpufamilysupport?.replace('spdisplays_', '') ?? null,
      sources: [PROBE],
    });
  });
  return devices.length === 0
    ? finding(PROBE, 'none', deviceMessage('systemFoundNone'))
    : finding(PROBE, 'found', countDevices(devices.length), devices);
}
