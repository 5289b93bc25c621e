import type { ProbeRuntime } from './probe-result.ts';

/**
 * Where the bundled ONNX Runtime 1.30 has each provider, and `webgpu` 0.6.2 its Dawn (their packages, opened). TensorFlow's
 * binaries: x64 only.
 */
const PLATFORMS: Readonly<Record<ProbeRuntime, readonly string[]>> = {
  cpu: ['linux-x64', 'linux-arm64', 'win32-x64', 'win32-arm64', 'darwin-arm64'],
  webgpu: ['linux-x64', 'win32-x64', 'win32-arm64', 'darwin-arm64'],
  dml: ['win32-x64', 'win32-arm64'],
  coreml: ['darwin-arm64'],
  cuda: ['linux-x64'],
  dawn: ['linux-x64', 'linux-arm64', 'win32-x64', 'win32-arm64', 'darwin-arm64', 'darwin-x64'],
  'tfjs-node-gpu': ['linux-x64', 'win32-x64'],
};

export const isRuntimeBuilt = (runtime: ProbeRuntime, platform: string, architecture: string): boolean =>
  PLATFORMS[runtime].includes(`${platform}-${architecture}`);

/** Backends that the report names on a platform: five everywhere, and the platform's own. */
export function reportedRuntimes(platform: string): readonly ProbeRuntime[] {
  const own: readonly ProbeRuntime[] =
    platform === 'win32' ? ['dml'] : platform === 'darwin' ? ['coreml'] : [];
  return ['cpu', 'webgpu', 'cuda', ...own, 'dawn', 'tfjs-node-gpu'];
}

/** Compute capabilities for which the CUDA provider carries machine code; it carries no PTX to translate. */
const CUDA_TARGETS: readonly (readonly [major: number, minor: number])[] = [
  [7, 5],
  [8, 0],
  [8, 6],
  [8, 9],
  [9, 0],
  [12, 0],
];

/** True when some target of the provider runs on a card: machine code runs on the same major and a minor not below. */
export function hasCudaCode(computeCapability: string | null): boolean {
  const match = /^(\d+)\.(\d+)$/.exec(computeCapability ?? '');
  // An unknown capability is left to the trial.
  if (!match) return true;
  return CUDA_TARGETS.some(([major, minor]) => major === Number(match[1]) && minor <= Number(match[2]));
}
