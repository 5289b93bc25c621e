/** What a WebGPU implementation says of an adapter. */
export interface AdapterFacts {
  readonly vendor: string;
  readonly architecture: string;
  readonly device: string;
  readonly description: string;
  readonly isFallbackAdapter: boolean;
}

/** Drivers that compute on the processor, by the names they give. */
const SOFTWARE_NAMES = [
  [/swiftshader/i, 'SwiftShader'],
  [/llvmpipe|lavapipe|softpipe/i, 'llvmpipe'],
  [/basic render|\bwarp\b/i, 'Microsoft Basic Render Driver'],
] as const;

/** The name of the software driver that an adapter is; null for hardware. */
export function softwareDriver(facts: AdapterFacts): string | null {
  const { vendor, architecture, device, description, isFallbackAdapter } = facts;
  const said = [vendor, architecture, device, description].join(' ');
  const known = SOFTWARE_NAMES.find(([pattern]) => pattern.test(said))?.[1];
  return known ?? (isFallbackAdapter ? description || 'a fallback adapter' : null);
}

/** How an adapter is called to a person. */
export const adapterName = ({ vendor, architecture, device, description }: AdapterFacts): string =>
  description || [vendor, device || architecture].filter(Boolean).join(' ') || 'an unnamed adapter';
