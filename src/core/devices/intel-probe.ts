import { join } from 'node:path';
import { z } from 'zod';
import type { MemoryInfo } from '../../shared/contract/types.ts';
import { deviceMessage } from './device-messages.ts';
import { readInteger, readTrimmed } from './fact-files.ts';
import { countDevices, type FoundDevice, finding, foundDevice, type ProbeFinding } from './found-device.ts';
import { listGraphicsCards, readCardSensors } from './graphics-cards.ts';
import { intelFigures } from './health/card-figures.ts';
import type { Surroundings } from './surroundings.ts';
import { normalisePciAddress } from './values.ts';

const PROBE = 'intel-sysfs';
const TOOL_PROBE = 'xpu-smi';
const TOOL_TIMEOUT_MS = 5_000;
export const INTEL_VENDOR = '0x8086';

/** Integrated graphics of Intel is always function 0 of device 2 on the first bus. */
const INTEGRATED_ADDRESS = '0000:00:02.0';

/** Intel devices of the drivers xe and i915. */
export async function probeIntel(around: Surroundings, memory: MemoryInfo): Promise<ProbeFinding> {
  if (around.platform !== 'linux') return finding(PROBE, 'unavailable', deviceMessage('sysfsElsewhere'));
  const cards = await listGraphicsCards(around.sysRoot);
  if (cards === null) return finding(PROBE, 'unavailable', deviceMessage('noGraphicsSubsystem'));
  const own = cards.filter((card) => card.vendor === INTEL_VENDOR);
  if (own.length === 0)
    return finding(PROBE, 'none', deviceMessage('cardsOfOthers', { count: cards.length, vendor: 'Intel' }));
  const release = await readTrimmed(join(around.procRoot, 'sys/kernel/osrelease'));
  const devices: FoundDevice[] = [];
  for (const card of own) {
    const unifiedMemory = card.pciAddress === INTEGRATED_ADDRESS;
    const dedicated =
      (await readInteger(join(card.cardFolder, 'lmem_total_bytes'))) ??
      (await readInteger(join(card.deviceFolder, 'tile0/physical_vram_size_bytes')));
    const available = await readInteger(join(card.cardFolder, 'lmem_avail_bytes'));
    devices.push(
      foundDevice({
        id: card.pciAddress ?? `intel-${card.node}`,
        kind: 'oneapi',
        vendor: 'Intel',
        name: `Intel ${unifiedMemory ? 'integrated graphics' : 'graphics'} ${card.device ?? ''}`.trim(),
        pciAddress: card.pciAddress,
        memoryTotalBytes: unifiedMemory ? memory.totalBytes : dedicated,
        memoryFreeBytes: unifiedMemory ? memory.availableBytes : available,
        unifiedMemory,
        ...(await readCardSensors(card.deviceFolder)),
        driverVersion: card.driver === null ? null : [card.driver, release].filter(Boolean).join(' '),
        health: await intelFigures(card),
        sources: [PROBE],
      }),
    );
  }
  return finding(PROBE, 'found', countDevices(devices.length), devices);
}

const discovery = z.object({
  device_list: z.array(
    z.object({
      device_id: z.number().optional(),
      device_name: z.string().optional(),
      pci_bdf_address: z.string().optional(),
    }),
  ),
});

/** Names of Intel data-centre and Arc devices by `xpu-smi discovery -j`, where it is installed. */
export async function probeIntelTool(around: Surroundings): Promise<ProbeFinding> {
  if (around.platform === 'darwin')
    return finding(
      TOOL_PROBE,
      'unavailable',
      deviceMessage('noToolForSystem', { tool: TOOL_PROBE, system: 'macOS' }),
    );
  const result = await around.run('xpu-smi', ['discovery', '-j'], { timeoutMs: TOOL_TIMEOUT_MS });
  if (result.missing)
    return finding(TOOL_PROBE, 'unavailable', deviceMessage('toolMissing', { tool: TOOL_PROBE }));
  if (result.timedOut)
    return finding(
      TOOL_PROBE,
      'failed',
      deviceMessage('toolSilent', { tool: TOOL_PROBE, seconds: TOOL_TIMEOUT_MS / 1000 }),
    );
  let parsed: z.infer<typeof discovery>;
  try {
    parsed = discovery.parse(JSON.parse(result.stdout));
  } catch {
    return finding(TOOL_PROBE, 'failed', deviceMessage('toolUnreadable', { tool: TOOL_PROBE }));
  }
  const devices = parsed.device_list.map((device, position) => {
    const pciAddress = normalisePciAddress(device.pci_bdf_address);
    return foundDevice({
      id: pciAddress ?? `intel-${device.device_id ?? position}`,
      kind: 'oneapi',
      vendor: 'Intel',
      name: device.device_name ?? 'Intel graphics',
      pciAddress,
      sources: [TOOL_PROBE],
    });
  });
  return devices.length === 0
    ? finding(TOOL_PROBE, 'none', deviceMessage('toolFoundNone', { tool: TOOL_PROBE }))
    : finding(TOOL_PROBE, 'found', countDevices(devices.length), devices);
}
