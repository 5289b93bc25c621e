import type { FoundDevice } from './found-device.ts';

/** Drivers that compute on the processor, by the library that they load. */
const SOFTWARE_DRIVERS = [
  [/vk_swiftshader/i, 'SwiftShader'],
  [/libvulkan_lvp|libgallium.*llvmpipe/i, 'llvmpipe'],
  [/d3d10warp/i, 'Microsoft Basic Render Driver'],
] as const;

const HARDWARE_DRIVERS = [
  [/libGLX_nvidia|libEGL_nvidia|libvulkan_nouveau|nvoglv|nvwgf2um|nvldumd/i, 'NVIDIA'],
  [/libvulkan_radeon|amdvlk|amdxx|amdxc|atidxx/i, 'AMD'],
  [/libvulkan_intel|igd1\dum|igd1\diumd|igvk/i, 'Intel'],
] as const;

/** How many times slower than the CPU an adapter may be while a software driver is loaded beside it. */
const SOFTWARE_SLOWDOWN = 20;

export interface Adapter {
  /** Name of the software driver that must have done the work; null for hardware. */
  readonly software: string | null;
  /** Devices that may have done it. More than one: it cannot be told which. */
  readonly candidates: readonly FoundDevice[];
}

/**
 * Who did the work of a runtime that does not name its adapter. ONNX Runtime's WebGPU provider takes a software adapter
 * without a word, so the libraries of the process and the devices of the machine have to tell.
 */
export function identifyAdapter(
  result: {
    readonly libraries: readonly string[];
    readonly timeMs: number | null;
    readonly cpuTimeMs: number | null;
  },
  devices: readonly FoundDevice[],
): Adapter {
  const loaded = (pattern: RegExp): boolean => result.libraries.some((library) => pattern.test(library));
  const software = SOFTWARE_DRIVERS.find(([pattern]) => loaded(pattern))?.[1] ?? null;
  const vendors = HARDWARE_DRIVERS.filter(([pattern]) => loaded(pattern)).map(
    ([, vendor]) => vendor as string,
  );
  const targets = devices.filter((device) => !device.software && device.parent === null);
  // Without any driver that we know (Metal), every device of the machine may have done it.
  const candidates =
    vendors.length > 0
      ? targets.filter((device) => vendors.includes(device.vendor))
      : software
        ? []
        : targets;
  if (candidates.length === 0) return { software: software ?? 'unknown adapter', candidates };
  const slow = (result.timeMs ?? 0) > SOFTWARE_SLOWDOWN * (result.cpuTimeMs ?? Number.POSITIVE_INFINITY);
  return software !== null && slow ? { software, candidates: [] } : { software: null, candidates };
}
