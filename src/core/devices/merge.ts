import type { FoundDevice } from './found-device.ts';

const KNOWN_LATER = [
  'memoryTotalBytes',
  'memoryFreeBytes',
  'utilization',
  'temperatureCelsius',
  'powerWatts',
  'powerLimitWatts',
  'driverVersion',
  'computeCapability',
  'pciAddress',
  'index',
  'health',
] as const;

/** A name that only repeats the vendor and a number is worth less than one that a later source knows. */
const isPlaceholder = (name: string): boolean =>
  /^(?:NVIDIA|AMD|Intel) (?:device|graphics|integrated graphics)\b/.test(name);

function join(first: FoundDevice, second: FoundDevice): FoundDevice {
  const filled = Object.fromEntries(KNOWN_LATER.map((field) => [field, first[field] ?? second[field]]));
  return {
    ...first,
    ...filled,
    name: isPlaceholder(first.name) && !isPlaceholder(second.name) ? second.name : first.name,
    sources: [...new Set([...first.sources, ...second.sources])],
  };
}

function isSame(known: FoundDevice, seen: FoundDevice): boolean {
  if (known.parent !== null || seen.parent !== null) return known.id === seen.id;
  if (known.pciAddress !== null && seen.pciAddress !== null) return known.pciAddress === seen.pciAddress;
  // A source without addresses (Windows) is joined by vendor and name, in order, once a source.
  const alike = (text: string): string =>
    text
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, '')
      .replace(/^(nvidia|amd|intel)/, '');
  return (
    known.vendor === seen.vendor &&
    alike(known.name) === alike(seen.name) &&
    !seen.sources.some((source) => known.sources.includes(source))
  );
}

/** One list of devices from all probes, the most trusted first: a device seen twice is listed once, with both sources. */
export function mergeDevices(findings: readonly (readonly FoundDevice[])[]): readonly FoundDevice[] {
  const merged: FoundDevice[] = [];
  for (const devices of findings) {
    for (const seen of devices) {
      const position = merged.findIndex((known) => isSame(known, seen));
      if (position < 0) merged.push(seen);
      else merged[position] = join(merged[position]!, seen);
    }
  }
  return merged;
}
