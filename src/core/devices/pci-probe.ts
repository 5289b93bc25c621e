import { join } from 'node:path';
import { deviceMessage } from './device-messages.ts';
import { listNames, readText, readTrimmed } from './fact-files.ts';
import { countDevices, type FoundDevice, finding, foundDevice, type ProbeFinding } from './found-device.ts';
import type { Surroundings } from './surroundings.ts';
import { normalisePciAddress } from './values.ts';

const PROBE = 'pci';
const NAMES_TIMEOUT_MS = 3_000;

const VENDORS: Readonly<Record<string, { readonly vendor: string; readonly kind: FoundDevice['kind'] }>> = {
  '0x10de': { vendor: 'NVIDIA', kind: 'cuda' },
  '0x1002': { vendor: 'AMD', kind: 'rocm' },
  '0x8086': { vendor: 'Intel', kind: 'oneapi' },
};

/** `lspci -Dmm`: address to the device's name; words in quotes. */
export function parsePciNames(text: string): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const line of text.split('\n')) {
    const address = normalisePciAddress(line.split(' ', 1)[0]);
    const words = [...line.matchAll(/"([^"]*)"/g)].map((match) => match[1]!);
    const name = words[2];
    if (address && name) names.set(address, /\[(.+)\]/.exec(name)?.[1] ?? name);
  }
  return names;
}

/** Model and driver of a card as the NVIDIA kernel module shows them without any tool. */
async function readNvidiaModule(procRoot: string, pciAddress: string): Promise<Partial<FoundDevice>> {
  const folder = join(procRoot, 'driver/nvidia');
  const information = (await readText(join(folder, 'gpus', pciAddress, 'information'))) ?? '';
  const version = /Kernel Module\D*?(?:for \S+\s+)?(\d+\.\d+(?:\.\d+)?)/.exec(
    (await readText(join(folder, 'version'))) ?? '',
  );
  const model = /^Model:\s+(.+)$/m.exec(information)?.[1]?.trim();
  return { ...(model ? { name: model } : {}), driverVersion: version?.[1] ?? null };
}

/** Display controllers (class 03) and processing accelerators (class 12) on the bus: what is there even with no driver. */
export async function probePci(around: Surroundings): Promise<ProbeFinding> {
  if (around.platform !== 'linux') return finding(PROBE, 'unavailable', deviceMessage('busElsewhere'));
  const folder = join(around.sysRoot, 'bus/pci/devices');
  const addresses = await listNames(folder);
  if (addresses === null) return finding(PROBE, 'unavailable', deviceMessage('noBus'));
  const devices: FoundDevice[] = [];
  let others = 0;
  for (const entry of addresses) {
    const type = await readTrimmed(join(folder, entry, 'class'));
    if (type === null || !/^0x(?:03|12)/.test(type)) continue;
    const known = VENDORS[(await readTrimmed(join(folder, entry, 'vendor')))?.toLowerCase() ?? ''];
    const pciAddress = normalisePciAddress(entry);
    if (!known || pciAddress === null) {
      others++;
      continue;
    }
    const device = (await readTrimmed(join(folder, entry, 'device'))) ?? '';
    devices.push(
      foundDevice({
        id: pciAddress,
        ...known,
        name: `${known.vendor} device ${device}`.trim(),
        pciAddress,
        sources: [PROBE],
        ...(known.kind === 'cuda' ? await readNvidiaModule(around.procRoot, pciAddress) : {}),
      }),
    );
  }
  const note = others > 0 ? [deviceMessage('adaptersWithoutCompute', { count: others })] : [];
  if (devices.length === 0)
    return finding(PROBE, 'none', [deviceMessage('busFunctions', { count: addresses.length }), ...note]);
  const listed = await around.run('lspci', ['-Dmm'], { timeoutMs: NAMES_TIMEOUT_MS });
  const names = parsePciNames(listed.stdout);
  return finding(
    PROBE,
    'found',
    [countDevices(devices.length), ...note],
    devices.map((device) => {
      const name = device.name.includes(' device ') ? names.get(device.id) : undefined;
      return name ? { ...device, name: `${device.vendor} ${name}` } : device;
    }),
  );
}
