import { parseIndentedReport } from './nvidia-slices.ts';
import { normalisePciAddress, parseQuantity } from './values.ts';

/** `GPU Slowdown Temp` of each card by its PCI address, from `nvidia-smi -q -d TEMPERATURE`; cards that say N/A are left out. */
export function parseSlowdownTemperatures(text: string): ReadonlyMap<string, number> {
  const limits = new Map<string, number>();
  for (const card of parseIndentedReport(text)) {
    const pciAddress = normalisePciAddress(/^GPU (\S+)$/.exec(card.key)?.[1]);
    const temperatures = card.children.find(({ key }) => key === 'Temperature')?.children ?? [];
    const limit = parseQuantity(
      temperatures.find(({ key }) => key === 'GPU Slowdown Temp')?.value ?? undefined,
    );
    if (pciAddress !== null && limit !== null) limits.set(pciAddress, limit);
  }
  return limits;
}
